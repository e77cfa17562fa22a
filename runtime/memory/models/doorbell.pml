/*
 * How a sleeping thread is woken: doorbell.ts, used as the worker's loop and its bells use it (runtime/worker/loop.ts, bells.ts).
 * One sleeper. One ringer publishes tickets, for whoever is hungry; one sends frames, to this sleeper.
 *
 * Modelled     Every access to EVENTS, ASLEEP, HUNGRY and to the work is one step, posting the message another. A message may come at any
 *              time after it was posted, also to a thread that is awake or asleep for another reason. With -DDEATH the first ringer stops for
 *              ever between any two steps, and a supervisor posts to the sleeper at any later time.
 * Abstracted   Work is a counter for each ringer; taking a piece is one step. EVENTS does not wrap. There is no spinning before sleep, and no
 *              other reason to wake up.
 * Checked      End states: the sleeper does not sleep for ever while there is work (no wake-up is lost).
 *              Assertion: no more messages are posted than sleeps were announced.
 *
 * Known-bad    -DNO_RECHECK      the sleeper announces sleep after it has found nothing, and does not look at EVENTS again
 *              -DSEEN_LATE       EVENTS is read after the look for work, not before
 *              -DHUNGRY_LATE     no look for work after HUNGRY was announced
 *              -DRING_FIRST      a ringer rings before the work is published
 *              -DNO_POST         the supervisor repairs, and posts no message
 *              -DALWAYS_POST     ASLEEP is loaded and not taken by CAS: two ringers post for one sleep
 */

#define PIECES 2                           /* by each of the two ringers */

byte EVENTS;
bool ASLEEP, HUNGRY;
byte work[2];
byte posted;                               /* messages under way */

/* What the checker knows and the threads do not. */
byte due = 2 * PIECES;                     /* work that was not done, and will be published unless its ringer dies */
byte sleeps, posts;
bool isDead;

#ifdef DEATH
#define orDie :: me == 0 -> goto died
#else
#define orDie
#endif
#define step(...) if :: d_step { __VA_ARGS__ } orDie fi

inline look() {
  if
  :: d_step { work[0] > 0 -> work[0]--; due--; isFound = true }
  :: d_step { work[0] == 0 && work[1] > 0 -> work[1]--; due--; isFound = true }
  :: d_step { work[0] == 0 && work[1] == 0 -> isFound = false }
  fi
}

active proctype Sleeper() {
  byte seen;
  bool isFound;
wake:
  ASLEEP = false;
  do
  :: due == 0 -> goto ended
  :: due > 0 ->
#ifndef SEEN_LATE
     seen = EVENTS;
#endif
     look();
     if :: isFound -> HUNGRY = false; goto again :: else fi;
     HUNGRY = true;
#ifndef HUNGRY_LATE
     look();
     if :: isFound -> HUNGRY = false; goto again :: else fi;
#endif
#ifdef SEEN_LATE
     seen = EVENTS;
#endif
     d_step { ASLEEP = true; sleeps++ }
#ifdef NO_RECHECK
     break;
#else
     if
     :: EVENTS == seen -> break
     :: EVENTS != seen -> ASLEEP = false             /* or a ringer has made it so, and its message finds us awake */
     fi;
#endif
again:
     skip
  od;
  posted > 0;
  posted--;
  goto wake;
ended:
  skip
}

inline publish() {
  step(work[me]++; left--)
}

inline ring() {
  step(EVENTS++);
  step(isAsleep = ASLEEP);
  if
  :: isAsleep ->
#ifndef ALWAYS_POST
     step(isAsleep = ASLEEP; ASLEEP = false);
#endif
     if :: isAsleep -> step(posted++; posts++; assert(posts <= sleeps)) :: else fi
  :: else
  fi
}

/* Tickets are for whoever is hungry, frames for one thread. */
inline tell() {
  step(isWanted = (me == 1 || HUNGRY));
  if :: isWanted -> ring() :: else fi
}

proctype Ringer(byte me) {
  byte left = PIECES;
  bool isAsleep, isWanted;
  do
  :: left > 0 ->
#ifdef RING_FIRST
     tell();
     publish()
#else
     publish();
     tell()
#endif
  :: else -> goto ended
  od;
died:
  due = due - left;
  isDead = true;
ended:
  skip
}

active proctype Supervisor() {
end:
  isDead;
#ifndef NO_POST
  posted++
#endif
}

init {
  atomic { run Ringer(0); run Ringer(1) }
}
