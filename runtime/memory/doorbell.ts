/**
 * How a sleeping thread is woken, and how the others know that one has nothing to do.
 *
 *   byte 0           128
 *        ├─ thread 0 ┼─ thread 1 ┬ … ┤      one line a thread
 *
 *   thread:  ├ EVENTS ┼ ASLEEP ┼ HUNGRY ┼ INCARNATION ┼ LEFT_OVER ┼ DURABLE ┼ spare to 128 ┤
 *
 *   EVENTS   times the bell was rung; wraps. Written by ringers (add)
 *   ASLEEP   1: whoever makes it 0 owes the thread a message. Written by the sleeper (store 1), and by ringer or sleeper (CAS to 0)
 *   HUNGRY   1: the thread would take work of others. Written by the thread, reset by the supervisor
 *   INCARNATION  how many threads have had this number before. Written by the supervisor, before the thread starts and after its ports
 *            have been posted to all others: whoever is rung or sent to by the new thread finds them
 *   LEFT_OVER  1: the thread has more work to publish than there was room for. Written by the thread
 *   DURABLE  number of the newest batch of the thread that is durable; wraps. Written by the control thread, before it rings
 *
 * The thread sleeps in its event loop and a posted message wakes it: one for each sleep, however often the bell is rung.
 *
 *      sleeper                                  ringer
 *   1  seen = events(me)                     1  publish the work (queue, ring, epoch …)
 *   2  look for work; found some: no sleep   2  ring(): EVENTS += 1
 *   3  fallAsleep(): ASLEEP = 1              3          load ASLEEP; 1: CAS to 0
 *   4               load EVENTS; != seen:    4  CAS won: post the message
 *                   CAS ASLEEP to 0, look again
 *
 * No wake-up is lost. All accesses are sequentially consistent. If the look (2) missed the work, then (1) of the ringer came after
 * it, hence its (2) after the sleeper's (1): the ring is not part of `seen`. Now either the sleeper's (4) sees the ring, and it
 * looks again; or its (4), and so its (3), came before the ringer's (2), so the ringer's (3) finds ASLEEP = 1, unless another ringer or
 * the sleeper itself has made it 0 since: that ringer posts the message, that sleeper is awake and looks again. A message may
 * come to a thread that is awake by then (its CAS in (4) lost); it finds nothing to do and is harmless.
 *
 * Death. A ringer may end after its CAS and before its message, or after its work was published and before it rang. So after a thread's exit
 * the supervisor posts to every other thread, whatever ASLEEP says; repair(thread) puts the ended thread's own words back.
 */

import { assert } from "../../actors/kernel/assert.js";
import { LINE_BYTES, LINE_WORDS, wordsOfRegion } from "./alignment.js";
import { AtomicWords, type Words } from "./words.js";

const EVENTS = 0;
const ASLEEP = 1;
const HUNGRY = 2;
const INCARNATION = 3;
const LEFT_OVER = 4;
const DURABLE = 5;

export class Doorbells {
  readonly #threads: number;
  readonly #words: Words;
  readonly #ints: Int32Array;

  /** Bytes of the region that the bells of so many threads need. */
  static bytes(threads: number): number {
    assert(Number.isInteger(threads) && threads >= 1, "there is a thread to ring for");
    return threads * LINE_BYTES;
  }

  /** Views a region as doorbells. Zeroed memory: everybody is awake and nobody hungry. */
  constructor(buffer: SharedArrayBuffer, byteOffset: number, threads: number, words?: Words) {
    this.#ints = wordsOfRegion(buffer, byteOffset, Doorbells.bytes(threads));
    this.#words = words ?? new AtomicWords(this.#ints);
    this.#threads = threads;
  }

  /** The thread's event count. Read it before looking for work; a change means: look again. */
  events(thread: number): number {
    return this.#words.load(this.#at(thread) + EVENTS);
  }

  /** Announces that `me` goes to sleep if nothing has happened since it read `seen`. False: something has; look again. */
  fallAsleep(me: number, seen: number): boolean {
    const asleep = this.#at(me) + ASLEEP;
    this.#words.store(asleep, 1); // pairs with the load in ring(): from here on a ringer sends a message
    if (this.events(me) === seen) return true;
    this.#words.cas(asleep, 1, 0); // lost: a ringer has promised a message, which will find us awake
    return false;
  }

  /** Says that `me` is awake, whatever woke it. */
  wakeUp(me: number): void {
    this.#words.store(this.#at(me) + ASLEEP, 0);
  }

  isAsleep(thread: number): boolean {
    return this.#words.load(this.#at(thread) + ASLEEP) === 1;
  }

  /** Tells a thread that there is something to look for. True: it sleeps, and the caller must post it the message that wakes it. */
  ring(thread: number): boolean {
    this.#words.add(this.#at(thread) + EVENTS, 1); // pairs with the load in fallAsleep()
    return this.isAsleep(thread) && this.#words.cas(this.#at(thread) + ASLEEP, 1, 0);
  }

  setHungry(me: number, isHungry: boolean): void {
    this.#words.store(this.#at(me) + HUNGRY, isHungry ? 1 : 0);
  }

  isHungry(thread: number): boolean {
    return this.#words.load(this.#at(thread) + HUNGRY) === 1;
  }

  /** Hungry threads other than `except`: counted from the threads' own words, as a shared counter would not survive a thread's death. */
  hungryCount(except: number): number {
    let count = 0;
    for (let thread = 0; thread < this.#threads; thread++) {
      if (thread !== except && this.isHungry(thread)) count += 1;
    }
    return count;
  }

  /**
   * As hungryCount(), by plain loads: a hint for a thread that asks before every task, where an atomic load costs as much as the rest
   * of the question. It may be late, so nobody may rely on it for a wake-up: whoever has published work asks isHungry().
   */
  hungryHint(except: number): number {
    let count = 0;
    for (let thread = 0; thread < this.#threads; thread++) {
      if (thread !== except && this.#ints[thread * LINE_WORDS + HUNGRY] === 1) count += 1;
    }
    return count;
  }

  /** Threads that have not announced sleep; those that were never started or have ended are among them. */
  awakeCount(): number {
    let count = 0;
    for (let thread = 0; thread < this.#threads; thread++) {
      if (!this.isAsleep(thread)) count += 1;
    }
    return count;
  }

  /**
   * Says whether `me` has more to publish than there was room for. It looks once more whether there is room afterwards: so either it sees
   * the room that a taker has made, or the taker, who looks at this behind its last take, sees that it has to ring.
   */
  setLeftOver(me: number, isLeftOver: boolean): void {
    this.#words.store(this.#at(me) + LEFT_OVER, isLeftOver ? 1 : 0); // pairs with the load in hasLeftOver()
  }

  hasLeftOver(thread: number): boolean {
    return this.#words.load(this.#at(thread) + LEFT_OVER) === 1;
  }

  /** Of what the thread has recorded this batch and all before it are durable. Stored, never sent: it cannot be lost, refused or overtaken. */
  setDurable(thread: number, batch: number): void {
    this.#words.store(this.#at(thread) + DURABLE, batch); // pairs with the load in durable(); whoever waits for it is rung afterwards
  }

  durable(thread: number): number {
    return this.#words.load(this.#at(thread) + DURABLE);
  }

  /** Tells the successors of a thread apart. */
  incarnation(thread: number): number {
    return this.#words.load(this.#at(thread) + INCARNATION);
  }

  setIncarnation(thread: number, incarnation: number): void {
    this.#words.store(this.#at(thread) + INCARNATION, incarnation);
  }

  /** Makes an ended thread neither asleep nor hungry. */
  repair(dead: number): void {
    this.wakeUp(dead);
    this.setHungry(dead, false);
  }

  #at(thread: number): number {
    assert(thread >= 0 && thread < this.#threads, "a bell belongs to a thread");
    return thread * LINE_WORDS;
  }
}
