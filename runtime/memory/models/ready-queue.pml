/*
 * The lock-free heart of the ready queue: publish(), take(), done() and repair() of ready-queue-slots.ts and ready-queue.ts.
 * Two slots, three tickets, two producers and two consumers; A, B, C, D are the letters of ready-queue-slots.ts.
 *
 * Modelled     Every atomic access to a slot, to a cell's state, to TAIL and to HEAD is one step. With -DDEATH=PRODUCER or -DDEATH=CONSUMER one
 *              thread stops for ever between any two steps; a supervisor repairs after it, at any later time, offers again what it had in
 *              hand, and starts a successor for what it had not offered. (To keep this small, there is then one thread of the other kind.)
 * Abstracted   Counters do not wrap. A thread that was told "full", "empty" or "all cells are out" tries again when this is no longer so
 *              (how it waits is doorbell.pml). The work is finite, so an execution without an end is one in which threads run for ever
 *              and no ticket moves. What dies in the supervisor's hands is not modelled: its death ends the process.
 * Checked      Assertions: tickets are taken in the order of their publication, each publication once; a payload is read after it was
 *              written and before its cell is free; "full" and "empty" were true at a moment of the call.
 *              End states: nobody is stuck; every ticket was done, those that a dead thread had in hand as well.
 *              Non-progress cycles, without any fairness: no execution is infinite, even if the supervisor never runs. This is
 *              lock-freedom.
 *
 * Known-bad    -DKEEP_TURN      a cleared slot keeps its turn: the CAS of a slow producer fits a later lap (ABA)
 *              -DNO_SEQUENCE    publications of one cell look alike: the CAS of a slow consumer takes a later one (ABA)
 *              -DNO_SECOND_LOOK the slot is not read again between the load of the state and B
 *              -DADD_HINTS      TAIL and HEAD are moved by an add instead of a CAS: two helpers skip a slot
 *              -DNO_HELP        only the thread that took or published moves things on: when it dies, the others turn for ever
 *              -DCLAIM_FIRST    TAIL is claimed before the slot is written: when the claimer dies, what lies behind is never taken
 *              -DLATE_PAYLOAD   the payload is written after A
 *              -DEARLY_DONE     the cell is freed before its payload was read
 */

#define CAPACITY 2
#define TICKETS  3
#define CELLS    3                         /* numbered from 1; those up to FIRST_CELLS are the first producer's */

#define PRODUCER 1
#define CONSUMER 3
#if DEATH == CONSUMER
#define FIRST_CELLS 3
#else
#define FIRST_CELLS 2
#endif

#define EMPTY 0
#define word(turn, cell) (((turn) << 4) | (cell))
#define turnOf(w)        ((w) >> 4)
#define cellOf(w)        ((w) & 15)
#define turnAt(position) ((position) / CAPACITY)
#define slotNow          slot[position % CAPACITY]
#define waiting          word(turnAt(position), EMPTY)
#ifdef KEEP_TURN
#define passed(w)        word(turnOf(w), EMPTY)
#define isOurs(w)        (cellOf(w) == EMPTY && turnOf(w) <= turnAt(position))
#else
#define passed(w)        word(turnOf(w) + 1, EMPTY)
#define isOurs(w)        ((w) == waiting)
#endif

#define FREE 0
#ifdef NO_SEQUENCE
#define published(cell)  1
#else
#define published(cell)  ((sequence[cell] << 4) | 1)
#endif
#define takenBy(thread)  (((thread) << 4) | 2)
#define isPublished(s)   (((s) & 15) == 1)

/* Shared memory. */
byte slot[CAPACITY];
byte TAIL, HEAD;
byte state[CELLS + 1];
byte sequence[CELLS + 1];
bool isWritten[CELLS + 1];                 /* the payload: written, and not yet free to be overwritten */

/* What the checker knows and the threads do not. */
byte order[CELLS + 1];                     /* of a published cell: its position */
byte publications, takes;
byte unsent[3];                            /* by producer, then the supervisor: tickets not yet published */
byte undone = TICKETS;
byte victim;                               /* the thread that stops for ever, if it comes to that, and whether it has */
bool isDead;

#define queued (publications - takes)

#ifdef DEATH
#define orDie :: victim == _pid -> goto died
#else
#define orDie
#endif
#define step(...) if :: d_step { __VA_ARGS__ } orDie fi
#ifdef NO_HELP
#define help(x) skip
#else
#define help(x) x
#endif

/* Moves TAIL or HEAD on from `position`, unless somebody was faster. */
inline advance(hint) {
#ifdef ADD_HINTS
  step(hint++)
#else
  step(if :: hint == position -> hint = position + 1 :: else fi)
#endif
}

/* C: whoever sees that the cell in the slot has been taken does it. */
inline clear() {
  step(if :: slotNow == seen -> slotNow = passed(seen) :: else fi)
}

inline enterSlot() {
  slotNow = word(turnAt(position), cell); order[cell] = position; publications++; unsent[me]--
}

inline leaveSlot() {
  assert(order[cellOf(seen)] == takes); takes++
}

#ifdef CLAIM_FIRST
#define isFullRight  true                  /* "full" and "empty" may mean: claimed and not written yet */
#define isEmptyRight true
#else
#define isFullRight  (slotNow != seen || queued == CAPACITY)
#define isEmptyRight (seen != waiting || queued == 0)
#endif

/* Leaves `isFull` true when the queue was full. */
inline publish() {
  step(sequence[cell]++; state[cell] = published(cell));
  do
  :: step(position = TAIL);
     step(seen = slotNow);
     if
     :: isOurs(seen) ->
#ifdef CLAIM_FIRST
        if
        :: d_step { TAIL == position -> TAIL = position + 1 }; step(enterSlot()); break
        :: TAIL != position
        orDie
        fi
#else
        if
        :: d_step { slotNow == seen -> enterSlot() }; advance(TAIL); break        /* A */
        :: slotNow != seen
        orDie
        fi
#endif
#ifdef CLAIM_FIRST
     :: turnOf(seen) < turnAt(position) && cellOf(seen) == EMPTY -> isFull = true; break
     :: turnOf(seen) < turnAt(position) && cellOf(seen) != EMPTY ->
#else
     :: !isOurs(seen) && turnOf(seen) < turnAt(position) ->
        assert(cellOf(seen) != EMPTY);
#endif
        if
        :: d_step { isPublished(state[cellOf(seen)]) -> assert(isFullRight) };
           step(isFull = (slotNow == seen));
           if :: isFull -> break :: else fi
        :: !isPublished(state[cellOf(seen)]) -> help(clear())
        orDie
        fi
     :: else -> help(advance(TAIL))
     fi;
     forget()
  od;
  forget()
}

/* Leaves the cell in `cell`, or EMPTY. */
inline take() {
  do
  :: step(position = HEAD);
     step(seen = slotNow; assert(isEmptyRight); assert(turnOf(seen) >= turnAt(position)));
     if
     :: seen == waiting -> break
     :: turnOf(seen) != turnAt(position) -> help(advance(HEAD))
     :: else ->
        step(stateSeen = state[cellOf(seen)]);
        if
        :: isPublished(stateSeen) ->
#ifndef NO_SECOND_LOOK
           if
           :: slotNow == seen
           :: slotNow != seen -> forget(); goto again
           orDie
           fi;
#endif
           if
           :: d_step { state[cellOf(seen)] == stateSeen -> state[cellOf(seen)] = takenBy(_pid); leaveSlot(); cell = cellOf(seen) };
              clear(); advance(HEAD); break                                              /* B */
           :: state[cellOf(seen)] != stateSeen
           orDie
           fi
        :: else -> help(clear()); help(advance(HEAD))
        fi
     fi;
again:
     forget()
  od;
  forget()
}

inline forget() {
  position = 0; seen = 0; stateSeen = 0
}

#define isOwn(cell) ((cell <= FIRST_CELLS) == (me == 0))

/* The lowest of one's own free cells. */
inline reserve() {
  if
  :: d_step { isOwn(1) && state[1] == FREE -> cell = 1 }
  :: d_step { isOwn(2) && state[2] == FREE && !(isOwn(1) && state[1] == FREE) -> cell = 2 }
  :: d_step { isOwn(3) && state[3] == FREE && !(isOwn(1) && state[1] == FREE) && !(isOwn(2) && state[2] == FREE) -> cell = 3 }
  orDie
  fi
}

inline readPayload() {
  step(assert(isWritten[cell]))
}

/* D. The ticket is done, and its cell its owner's. */
inline done() {
  step(assert(state[cell] == takenBy(_pid)); state[cell] = FREE; isWritten[cell] = false; undone--; cell = EMPTY)
}

proctype Producer(byte me) {
  byte cell, position, seen, stateSeen;
  bool isFull;
  do
  :: unsent[me] > 0 ->
     reserve();
#ifndef LATE_PAYLOAD
     step(isWritten[cell] = true);
#endif
     do
     :: publish();
        if :: isFull -> isFull = false; queued < CAPACITY :: else -> break fi
     od;
#ifdef LATE_PAYLOAD
     step(isWritten[cell] = true)
#endif
  :: else -> goto ended
  od;
died:
  isDead = true;
ended:
  forget()
}

proctype Consumer() {
  byte cell, position, seen, stateSeen;
  do
  :: undone > 0 ->
     take();
     if
#ifdef EARLY_DONE
     :: cell != EMPTY -> step(isWritten[cell] = false); readPayload(); done()
#else
     :: cell != EMPTY -> readPayload(); done()
#endif
     :: else -> queued > 0 || undone == 0
     fi
  :: else -> goto ended
  od;
died:
  isDead = true;
ended:
  forget()
}

/* repair(): a producer's unpublished cell becomes free; what a consumer had taken is taken over, and offered again. */
proctype Supervisor(byte me) {
  byte cell, position, seen, stateSeen;
  bool isFull, isInSlot;
end:
  isDead;
  if
  :: victim <= 2 ->
     for (cell : (victim == 1 -> 1 : FIRST_CELLS + 1) .. (victim == 1 -> FIRST_CELLS : CELLS)) {
       isInSlot = (cellOf(slot[0]) == cell);
       isInSlot = (isInSlot || cellOf(slot[1]) == cell);
       if
       :: isPublished(state[cell]) -> if :: isInSlot :: else -> state[cell] = FREE fi
       :: !isPublished(state[cell])
       fi
     }
     run Producer(victim - 1)
  :: else ->
     cell = 1;
     do
     :: d_step { cell <= CELLS && state[cell] == takenBy(victim) -> skip };
        for (position : 0 .. CAPACITY - 1) {
          seen = slotNow;
          if :: cellOf(seen) == cell -> clear() :: else fi
        }
        state[cell] = takenBy(_pid);
        do
        :: publish();
           if :: isFull -> isFull = false; state[cell] = takenBy(_pid); queued < CAPACITY :: else -> break fi
        od;
        break
     :: cell <= CELLS && state[cell] != takenBy(victim) -> cell++
     :: cell > CELLS -> break
     od
  fi;
died:
  forget()
}

init {
  atomic {
    unsent[0] = FIRST_CELLS; unsent[1] = TICKETS - FIRST_CELLS; unsent[2] = 1;
    run Producer(0); run Producer(1);
    run Consumer();
#if DEATH != PRODUCER
    run Consumer();
#endif
#ifdef DEATH
    victim = DEATH;
    run Supervisor(2)
#endif
  }
  undone == 0 && queued == 0
}
