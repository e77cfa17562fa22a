/*
 * Why answers are never refused: the room of an answer is promised before its request is begun (promise() of ring-producer.ts, used by
 * runtime/worker/guest-reports.ts). Two threads work for each other: each begins requests of the other and sends two answers to each.
 *
 * Modelled     The two answer rings, their promised room, and the queues in which requests wait. A thread does one thing at a time: it offers
 *              a request, takes an answer, or begins a request and then sends its answers. While it is at the latter it reads nothing.
 * Abstracted   Everything within one thread's step: the rings' own steps are not what this model is about. Whoever waits for room, or for
 *              a message, is woken when there is some; so whoever reads a ring owes a ring of the bell to a writer that waits for room.
 * Checked      End states: all requests are answered (no deadlock). Assertion: what was promised is never refused.
 *
 * Known-bad    -DREFUSE_ONLY    nothing is promised: an answer that finds the ring full waits for room, and its thread with it
 *              -DPROMISE_ONE    room for only one of the two answers is promised
 *              -DONE_QUEUE      requests travel in the answer rings: one that waits for room keeps the answers behind it from being read
 */

#define SLOTS    2                         /* of a ring */
#define REQUESTS 3                         /* by each thread */
#define ANSWERS  2                         /* to each request */

#define REQUEST  1
#define ANSWER   2

#ifdef PROMISE_ONE
#define PROMISED 1
#else
#define PROMISED ANSWERS
#endif

/* By the thread that sends into it. */
chan ring[2] = [SLOTS] of { byte };
#ifdef ONE_QUEUE
#define requests ring
#else
chan requests[2] = [SLOTS] of { byte };
#endif

byte answered[2];

#define other     (1 - me)
#define isRoom(n) (len(ring[me]) + (n) <= SLOTS)

proctype Thread(byte me) {
  byte asked, unsent;
  do
  :: d_step { asked < REQUESTS && nfull(requests[me]) -> requests[me]!REQUEST; asked++ }
  :: d_step { ring[other]?[ANSWER] -> ring[other]?ANSWER; answered[me]++ }
#ifdef REFUSE_ONLY
  :: d_step { requests[other]?[REQUEST] -> requests[other]?REQUEST; unsent = ANSWERS }
#else
  :: d_step { requests[other]?[REQUEST] && isRoom(PROMISED) -> requests[other]?REQUEST; unsent = ANSWERS }
#endif
     do
#ifdef REFUSE_ONLY
     :: d_step { unsent > 0 && isRoom(1) -> ring[me]!ANSWER; unsent-- }
#else
     :: d_step { unsent > 0 -> assert(isRoom(1)); ring[me]!ANSWER; unsent-- }
#endif
     :: unsent == 0 -> break
     od
  :: answered[0] + answered[1] == 2 * REQUESTS * ANSWERS -> break
  od
}

init {
  atomic { run Thread(0); run Thread(1) }
}
