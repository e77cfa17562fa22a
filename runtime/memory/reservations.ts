/**
 * What the attempts of each worker have reserved of the cores and the memory that all workers share, and which workers wait for room.
 *
 *   byte 0        128
 *        ├─ TURNS ─┼─ worker 0 ─┼─ worker 1 ┬ … ┤      one line a worker, written by that worker
 *
 *   worker:  ├ CPUS ┼ MEMORY ┼ TURN ┼ WANTED_CPUS ┼ WANTED_MEMORY ┼ spare to 128 ┤
 *
 *   TURNS    turns given out so far; wraps. Written by workers (add); one that ends behind its add leaves a turn that nobody has
 *   CPUS, MEMORY   reserved by the attempts of the worker: thousandths of a core, KiB
 *   TURN     0: no task of the worker waits for room. Else since when: of two that wait, the lower one came first
 *   WANTED_* what that task would reserve; 0 while the worker cannot look, as its thread executes something that takes long
 *
 *      reserve()                                                     release(), or a bid or a turn that ends
 *   1  look: does it fit beside what all have reserved and           1  take it off one's own words, or make TURN 0
 *      what those wait for that came first? No: go to 4              2  load each other's TURN; not 0: wake that worker
 *   2  bid: add it to one's own words
 *   3  look again (with the bid in the sum). It fits: admitted, TURN = 0, and wake as on the right
 *      No: take the bid off, and wake as on the right
 *   4  no turn yet: write WANTED_*, TURN = the next turn, and try once more from 1. Else: wait to be woken
 *
 * Never more than there is. Take those that are admitted at some instant, and of these the one that bade last. All others had bidden
 * before it and have not released since, so its look (3), which comes behind its bid (2), found all of them in the words: they fit.
 * (Two that bid at once may both see both, and both withdraw; never neither. Cores and memory are each a case of their own.)
 *
 * No wake-up is lost. All accesses are sequentially consistent. A worker that waits has looked (1 or 3) behind the store of its TURN (4).
 * If that look missed that room was made, then the words were lowered after it, hence the load of its TURN came behind the store: it is
 * woken. The wake-up itself is the doorbell's: the worker reads its event count before it looks, and looks again before it sleeps.
 *
 * All get through. Whoever has a turn is passed over by no look that sees the turn, unless both fit; so the worker with the lowest turn
 * waits for attempts to end, and for nothing else but looks that were under way when it took the turn. Two that kept each other out by
 * their bids have turns from then on, and of these the higher one does not even bid until the lower one has been admitted: its look (1)
 * fails, and a look disturbs nobody. WANTED_* may be read while it changes: then room is given in another order, never twice, and the
 * change is behind the end of a turn, or one to 0, which wake whoever was misled. A worker that cannot look holds nobody up meanwhile. When it
 * looks again it wants as much as before, by the same turn; it is up to it not to do so for ever.
 *
 * Death. A worker that ends anywhere leaves too much in its words, never too little, and perhaps others unwoken. repair() empties the words,
 * a store each; the supervisor then wakes every thread, as for doorbells. It may only do so when the thread has exited.
 */

import { assert } from "../../actors/kernel/assert.js";
import { LINE_BYTES, LINE_WORDS, wordsOfRegion } from "./alignment.js";
import { AtomicWords, type Words } from "./words.js";

const TURNS = 0;
const CPUS = 0;
const MEMORY = 1;
const TURN = 2;
const WANTED_CPUS = 3;
const WANTED_MEMORY = 4;

/** Largest amount that a word holds. */
export const reservedMax = 2 ** 31 - 1;

/** Cores in thousandths, memory in KiB. */
export interface Amounts {
  readonly cpus: number;
  readonly memory: number;
}

export class Reservations {
  readonly #workers: number;
  readonly #words: Words;

  /** Bytes of the region that so many workers need. */
  static bytes(workers: number): number {
    assert(Number.isInteger(workers) && workers >= 0, "the number of workers is a whole number");
    return (1 + workers) * LINE_BYTES;
  }

  /** Views a region as reservations. Zeroed memory: nothing is reserved. */
  constructor(buffer: SharedArrayBuffer, byteOffset: number, workers: number, words?: Words) {
    this.#words = words ?? new AtomicWords(wordsOfRegion(buffer, byteOffset, Reservations.bytes(workers)));
    this.#workers = workers;
  }

  /** What a worker has reserved, its bid included. */
  reservedBy(worker: number): Amounts {
    const at = this.#at(worker);
    return { cpus: this.#words.load(at + CPUS), memory: this.#words.load(at + MEMORY) };
  }

  /** Since which turn a worker waits for room; 0: it does not. */
  turnOf(worker: number): number {
    return this.#words.load(this.#at(worker) + TURN);
  }

  /**
   * The worker's own end: for its thread alone.
   *
   * @param capacity what there is for all workers; the same for each of them
   * @param wake tells another worker that there may be room now
   */
  claimShare(worker: number, capacity: Amounts, wake: (worker: number) => void): ReservedShare {
    assert(worker >= 0 && worker < this.#workers, "a share belongs to a worker");
    assert(capacity.cpus <= reservedMax && capacity.memory <= reservedMax, "all that there is can be counted in one word");
    return new ReservedShare({ words: this.#words, workers: this.#workers, me: worker, capacity, wake });
  }

  /** Gives back what an ended worker had reserved. The others have to be woken afterwards. */
  repair(dead: number): void {
    const at = this.#at(dead);
    for (const word of [TURN, CPUS, MEMORY]) this.#words.store(at + word, 0);
  }

  #at(worker: number): number {
    assert(worker >= 0 && worker < this.#workers, "reservations belong to a worker");
    return lineOf(worker);
  }
}

interface ShareParts {
  readonly words: Words;
  readonly workers: number;
  readonly me: number;
  readonly capacity: Amounts;
  readonly wake: (worker: number) => void;
}

/** What one worker reserves. */
export class ReservedShare {
  readonly #parts: ShareParts;
  readonly #words: Words;
  readonly #own: number;
  /** As in the own TURN. */
  #turn = 0;
  /** WANTED_* are 0 although there is a turn. */
  #isSuspended = false;

  constructor(parts: ShareParts) {
    this.#parts = parts;
    this.#words = parts.words;
    this.#own = lineOf(parts.me);
  }

  /**
   * Reserves the amounts; false when there is no room for them at the moment. From then on the worker waits for room and is woken when
   * there may be some: it asks again for the same amounts, or says that it does not wait any more.
   */
  reserve(cpus: number, memory: number): boolean {
    assert(
      this.#turn === 0 || this.#isSuspended || this.#isWanted(cpus, memory),
      "a worker that waits for room asks for what it waits for",
    );
    if (this.#isSuspended) this.#want(cpus, memory);
    this.#isSuspended = false;
    if (this.#bid(cpus, memory)) return true;
    if (this.#turn !== 0) return false;
    this.#waitFor(cpus, memory);
    return this.#bid(cpus, memory);
  }

  /** Gives amounts back that were reserved. */
  release(cpus: number, memory: number): void {
    this.#add(-cpus, -memory);
    this.#wakeWaiting();
  }

  /** Cannot look for a while: room is not kept until it asks again. It keeps its turn. */
  suspend(): void {
    if (this.#turn === 0 || this.#isSuspended) return;
    this.#isSuspended = true;
    this.#want(0, 0);
    this.#wakeWaiting();
  }

  /** Does not wait for room any more. */
  withdraw(): void {
    if (this.#turn === 0) return;
    this.#turn = 0;
    this.#isSuspended = false;
    this.#words.store(this.#own + TURN, 0);
    this.#wakeWaiting();
  }

  /** Other workers that wait for room. */
  waitingCount(): number {
    let count = 0;
    for (let worker = 0; worker < this.#parts.workers; worker++) if (this.#isWaiting(worker)) count += 1;
    return count;
  }

  #bid(cpus: number, memory: number): boolean {
    if (!this.#fits(cpus, memory, "look")) return false;
    this.#add(cpus, memory); // pairs with the loads in #fits(): whoever bids behind it finds it
    if (this.#fits(cpus, memory, "bid")) {
      this.withdraw();
      return true;
    }
    this.#add(-cpus, -memory);
    this.#wakeWaiting();
    return false;
  }

  /**
   * Whether so much fits beside what all have reserved and what those wait for that came first. Whoever wants no memory need not care for
   * it, nor for cores.
   *
   * @param step `bid`: it is in the own words already
   */
  #fits(moreCpus: number, moreMemory: number, step: "look" | "bid"): boolean {
    const { workers, me, capacity } = this.#parts;
    const words = this.#words;
    let cpus = step === "look" ? moreCpus : 0;
    let memory = step === "look" ? moreMemory : 0;
    for (let worker = 0; worker < workers; worker++) {
      const line = lineOf(worker);
      cpus += words.load(line + CPUS);
      memory += words.load(line + MEMORY);
      if (worker === me || !this.#cameFirst(words.load(line + TURN))) continue;
      cpus += words.load(line + WANTED_CPUS);
      memory += words.load(line + WANTED_MEMORY);
    }
    return (moreCpus === 0 || cpus <= capacity.cpus) && (moreMemory === 0 || memory <= capacity.memory);
  }

  #cameFirst(turn: number): boolean {
    return turn !== 0 && (this.#turn === 0 || ((turn - this.#turn) | 0) < 0);
  }

  #isWanted(cpus: number, memory: number): boolean {
    return this.#words.load(this.#own + WANTED_CPUS) === cpus && this.#words.load(this.#own + WANTED_MEMORY) === memory;
  }

  #waitFor(cpus: number, memory: number): void {
    this.#want(cpus, memory);
    this.#turn = nextTurn(this.#words);
    this.#words.store(this.#own + TURN, this.#turn); // pairs with the loads in #wakeWaiting(): from here on room is announced
  }

  #want(cpus: number, memory: number): void {
    this.#words.store(this.#own + WANTED_CPUS, cpus);
    this.#words.store(this.#own + WANTED_MEMORY, memory);
  }

  #add(cpus: number, memory: number): void {
    this.#words.add(this.#own + CPUS, cpus);
    this.#words.add(this.#own + MEMORY, memory);
  }

  #wakeWaiting(): void {
    for (let worker = 0; worker < this.#parts.workers; worker++) if (this.#isWaiting(worker)) this.#parts.wake(worker);
  }

  #isWaiting(worker: number): boolean {
    return worker !== this.#parts.me && this.#words.load(lineOf(worker) + TURN) !== 0;
  }
}

const lineOf = (worker: number): number => (1 + worker) * LINE_WORDS;

/** 0 is nobody's turn. */
function nextTurn(words: Words): number {
  const turn = (words.add(TURNS, 1) + 1) | 0;
  return turn === 0 ? nextTurn(words) : turn;
}
