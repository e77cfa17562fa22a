/**
 * Where live runs are known by a small number, their slot, and an epoch that makes everything sent earlier stale.
 *
 *   byte 0          128                         users
 *        ├─ slot 0 ─┼─ slot 1 ─┬ … ─────────────┼─ users of thread 0 ─┬─ users of thread 1 ─┬ … ┤
 *
 *   slot:  ├ EPOCH ┼ HOME + 1 ┼ BLOCK ┼ WORKFLOW ┼ TOUCHED (2 words) ┼ spare to 128 ┤
 *   written by: anyone (add)  the home, the supervisor            users of a thread: one Int32 a slot, by that thread only
 *
 *   EPOCH     raised when the slot is opened and by cancel, re-home and end. 32 bits, wraps; compared for equality only
 *   HOME      worker whose run this is, or -1 (the word holds HOME + 1, so that zeroed memory says -1)
 *   BLOCK     handle of the shared run block, or 0
 *   WORKFLOW  number of the registered workflow
 *   TOUCHED   one bit a worker: it has been inside the run since the slot was opened, and may hold something of it. Set by the
 *             worker while it is inside; so after raise() and hasUsers() === false the bits are final
 *   users     how often the thread is inside the run just now, from enter() to leave()
 *
 * Why memory that a run names may be freed after raise() and then hasUsers() === false:
 *   A  enter() stores its users word, then loads EPOCH
 *   B  raise() adds to EPOCH, then hasUsers() loads every users word
 * All four are sequentially consistent, so one of the two loads sees the other side's write. Either hasUsers() sees the user, and the
 * memory stays until it has left; or the user sees the new epoch, and enter() answers false before anything of the run was touched.
 * A user that entered before keeps its word above 0 for as long as it touches the run. So once hasUsers() has been false after the
 * raise, nobody is inside under the old epoch, and nobody can come in. (hasUsers() may be true for a moment because of a stale thread
 * that is about to be refused: ask again later.)
 *
 * Death. A thread writes only its own users words, so what an ended thread leaves behind is known to be its own: repair(thread).
 */

import { assert } from "../../actors/kernel/assert.js";
import { alignUp, LINE_BYTES, LINE_WORDS, wordsOfRegion } from "./alignment.js";
import { AtomicWords, type Words } from "./words.js";

const EPOCH = 0;
const HOME = 1;
const BLOCK = 2;
const WORKFLOW = 3;
const TOUCHED = 4;
const TOUCHED_WORDS = 2;
const BITS = 32;

export const runSlotsMax = 1 << 20;

export class RunTable {
  readonly slots: number;
  readonly #threads: number;
  readonly #words: Words;
  readonly #ints: Int32Array;
  readonly #usersStride: number;

  /** Bytes of the region that a table of so many slots for so many threads needs. */
  static bytes(slots: number, threads: number): number {
    assert(Number.isInteger(slots) && slots >= 1 && slots <= runSlotsMax, "a run table has 1 to 2^20 slots");
    assert(Number.isInteger(threads) && threads >= 1, "a run table serves at least one thread");
    return slots * LINE_BYTES + threads * alignUp(slots * 4, LINE_BYTES);
  }

  /** Views a region as a run table. Zeroed memory is a table of closed slots; every thread makes its own view. */
  constructor(buffer: SharedArrayBuffer, byteOffset: number, slots: number, threads: number, words?: Words) {
    this.#ints = wordsOfRegion(buffer, byteOffset, RunTable.bytes(slots, threads));
    this.#words = words ?? new AtomicWords(this.#ints);
    this.slots = slots;
    this.#threads = threads;
    this.#usersStride = alignUp(slots, LINE_WORDS);
  }

  /** Starts the life of a run in a slot that no run uses: no home, no block. Returns its epoch. */
  open(slot: number, workflow: number): number {
    const epoch = this.raise(slot);
    this.setHome(slot, -1);
    this.setBlock(slot, 0);
    this.#words.store(this.#at(slot) + WORKFLOW, workflow);
    for (let word = 0; word < TOUCHED_WORDS; word++) this.#words.store(this.#at(slot) + TOUCHED + word, 0);
    return epoch;
  }

  /** Makes everything that names the slot's epochs so far stale. Returns the new epoch. */
  raise(slot: number): number {
    return (this.#words.add(this.#at(slot) + EPOCH, 1) + 1) | 0; // (B) pairs with the load in enter()
  }

  epoch(slot: number): number {
    return this.#words.load(this.#at(slot) + EPOCH);
  }

  isCurrent(slot: number, epoch: number): boolean {
    return this.epoch(slot) === epoch;
  }

  /**
   * As isCurrent(), by a plain load: a hint for a thread that asks before every task. It may be late, so nothing of the run's memory may
   * be touched because of it.
   */
  isCurrentHint(slot: number, epoch: number): boolean {
    return this.#ints[slot * LINE_WORDS + EPOCH] === epoch;
  }

  /** Keeps the run's memory alive for `thread` until leave(); false when the epoch is stale, and then nothing of the run may be touched. */
  enter(slot: number, epoch: number, thread: number): boolean {
    const users = this.#usersAt(slot, thread);
    const before = this.#ints[users] ?? 0; // plain: nobody else writes this word while we live
    this.#words.store(users, before + 1); // (A) pairs with the loads in hasUsers()
    if (this.isCurrent(slot, epoch)) return true;
    this.#words.store(users, before);
    return false;
  }

  /** Ends one enter(). Pairs with the loads in hasUsers(): what we did with the run's memory was before. */
  leave(slot: number, thread: number): void {
    const users = this.#usersAt(slot, thread);
    const before = this.#ints[users] ?? 0;
    assert(before > 0, "a thread leaves only a run that it has entered");
    this.#words.store(users, before - 1);
  }

  /** Whether any thread is inside the run. Ask after raise(): false then means that the memory the run named may be freed. */
  hasUsers(slot: number): boolean {
    for (let thread = 0; thread < this.#threads; thread++) {
      if (this.#words.load(this.#usersAt(slot, thread)) !== 0) return true;
    }
    return false;
  }

  /** Whether the thread is inside the run. */
  isUsedBy(slot: number, thread: number): boolean {
    return this.#words.load(this.#usersAt(slot, thread)) !== 0;
  }

  /** Whether any thread other than `me` is inside the run. */
  hasOtherUsers(slot: number, me: number): boolean {
    for (let thread = 0; thread < this.#threads; thread++) {
      if (thread !== me && this.#words.load(this.#usersAt(slot, thread)) !== 0) return true;
    }
    return false;
  }

  /** Notes that `worker` holds something of the run. Call it between enter() and leave(). */
  touch(slot: number, worker: number): void {
    const at = this.#touchedAt(slot, worker);
    const bit = 1 << (worker % BITS);
    for (;;) {
      const bits = this.#words.load(at);
      if ((bits & bit) !== 0 || this.#words.cas(at, bits, bits | bit)) return;
    }
  }

  /** Whether `worker` has been inside the run since its slot was opened, or is now. */
  isTouchedBy(slot: number, worker: number): boolean {
    const isNoted = (this.#words.load(this.#touchedAt(slot, worker)) & (1 << (worker % BITS))) !== 0;
    return isNoted || this.#words.load(this.#usersAt(slot, worker)) !== 0;
  }

  /** Ends whatever an ended thread was inside of. */
  repair(dead: number): void {
    for (let slot = 0; slot < this.slots; slot++) {
      const users = this.#usersAt(slot, dead);
      if (this.#words.load(users) !== 0) this.#words.store(users, 0);
    }
  }

  /** The run's home worker, or -1. */
  home(slot: number): number {
    return this.#words.load(this.#at(slot) + HOME) - 1;
  }

  setHome(slot: number, worker: number): void {
    this.#words.store(this.#at(slot) + HOME, worker + 1);
  }

  /** Handle of the run's shared block, or 0. Read it between enter() and leave() only. */
  block(slot: number): number {
    return this.#words.load(this.#at(slot) + BLOCK);
  }

  setBlock(slot: number, handle: number): void {
    this.#words.store(this.#at(slot) + BLOCK, handle);
  }

  workflow(slot: number): number {
    return this.#words.load(this.#at(slot) + WORKFLOW);
  }

  setWorkflow(slot: number, workflow: number): void {
    this.#words.store(this.#at(slot) + WORKFLOW, workflow);
  }

  #at(slot: number): number {
    assert(slot >= 0 && slot < this.slots, "a run slot lies in the table");
    return slot * LINE_WORDS;
  }

  #touchedAt(slot: number, worker: number): number {
    assert(worker >= 0 && worker < TOUCHED_WORDS * BITS, "a run table notes up to 64 workers");
    return this.#at(slot) + TOUCHED + Math.floor(worker / BITS);
  }

  #usersAt(slot: number, thread: number): number {
    assert(slot >= 0 && slot < this.slots, "a run slot lies in the table");
    assert(thread >= 0 && thread < this.#threads, "a user of a run is a thread of the table");
    return this.slots * LINE_WORDS + thread * this.#usersStride + slot;
  }
}
