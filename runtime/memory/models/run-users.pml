/*
 * When the memory of a run may be freed, and its slot be used for the next run: enter(), leave(), raise(), hasUsers() and open() of
 * run-table.ts. Two guests work through tickets of two runs that live one after the other in the same slot.
 *
 * Modelled     Every access to EPOCH, to BLOCK and to a guest's users word is one step, and so is every use of the run's memory. With -DDEATH
 *              one guest stops for ever between any two steps, and a supervisor puts its users word back at any later time.
 * Abstracted   EPOCH does not wrap. hasUsers() is asked until it is false; here the words are awaited one after the other, which promises
 *              less. A block is a number, never used again.
 * Checked      Assertions: nobody uses a block that is not there any more, or one of another run; nobody is refused while its run lives.
 *              End states: the memory of both runs is freed, so nobody's users word stays up.
 *
 * Known-bad    -DCHECK_FIRST    enter() compares the epoch before it stores its users word
 *              -DFREE_AT_ONCE   the home frees after raise() without asking for users
 *              -DRAISE_LAST     the home waits for the users to leave, and raises the epoch then
 *              -DREOPEN_EARLY   the slot is opened for the next run while there are users of the last: BLOCK changes under them
 *              -DSEND_FIRST     the home says that the run has ended, and raises the epoch then: it may be the next run's by now
 *              -DNO_REPAIR      the users word of a dead guest stays up
 */

#define GUESTS 2
#define RUNS   2

byte EPOCH, BLOCK;
bool users[GUESTS];

chan tickets = [GUESTS * RUNS] of { byte };    /* the epochs that they name */
chan ends = [1] of { bit };                   /* from the home to the control thread: the slot may be used again */

/* What the checker knows and the threads do not. Run n, counted from 1, has block n. */
bool isThere[RUNS + 1];
byte epochOf[RUNS + 1];
bool isOver[RUNS + 1];
byte freed;
bool isDead;

#ifdef DEATH
#define orDie :: me == 0 -> goto died
#else
#define orDie
#endif
#define step(...) if :: d_step { __VA_ARGS__ } orDie fi

inline awaitUsers() {
  !users[0];
  !users[1]
}

inline enter() {
#ifdef CHECK_FIRST
  step(isCurrent = (EPOCH == epoch));
  step(users[me] = true)
#else
  step(users[me] = true);
  step(isCurrent = (EPOCH == epoch))
#endif
}

inline leave() {
  step(users[me] = false)
}

inline use() {
  step(block = BLOCK);
  step(assert(block != 0 && epochOf[block] == epoch && isThere[block]));
  step(assert(isThere[block]))
}

proctype Guest(byte me) {
  byte epoch, block;
  bool isCurrent;
  do
  :: tickets?epoch ->
     enter();
     if
     :: isCurrent -> use()
     :: else -> assert((epoch != epochOf[1] || isOver[1]) && (epoch != epochOf[2] || isOver[2]))
     fi;
     leave();
     d_step { epoch = 0; block = 0; isCurrent = false }
  :: freed == RUNS -> goto ended
  od;
died:
  isDead = true;
ended:
  skip
}

proctype Home(byte number) {
  d_step { isThere[number] = true; BLOCK = number };
  d_step { tickets!EPOCH; tickets!EPOCH };
  isOver[number] = true;
#ifdef SEND_FIRST
  ends!0;
#endif
#ifdef RAISE_LAST
  awaitUsers();
#endif
  EPOCH++;
#ifndef SEND_FIRST
  ends!0;
#endif
#if !defined(FREE_AT_ONCE) && !defined(RAISE_LAST)
  awaitUsers();
#endif
  d_step { isThere[number] = false; freed++ }
}

/* The control thread opens the slot for one run after the other. */
active proctype Control() {
  byte number = 1;
  do
  :: number <= RUNS ->
     d_step { EPOCH++; epochOf[number] = EPOCH };
     BLOCK = 0;
     run Home(number);
     ends?_;
#ifndef REOPEN_EARLY
     awaitUsers();
#endif
     number++
  :: else -> break
  od
}

active proctype Supervisor() {
end:
  isDead;
#ifndef NO_REPAIR
  users[0] = false
#endif
}

init {
  atomic { run Guest(0); run Guest(1) }
}
