/**
 * The ready queue: how workers share work. A bounded lock-free multi-producer multi-consumer FIFO of small fixed-size tickets.
 *
 * A ticket is written into a *cell* that belongs to its producer, then one CAS publishes it: there is no moment between claiming a
 * place and filling it. Layout in ready-queue-layout.ts; the protocol, its proofs and its bounds in ready-queue-slots.ts.
 *
 * Life of a cell, and the function that makes each step:
 *
 *         reserve()                publish()              take()              done()
 *   FREE ───────────▶ (reserved) ───────────▶ PUBLISHED ─────────▶ TAKEN by t ───────▶ FREE
 *     ▲                  │                        ▲                    │ repair(t)
 *     └──── cancel() ────┘                        └── republish() ── TAKEN by SUPERVISOR ── discard() ──▶ FREE
 *
 *   reserved   known to the owner only; shared memory says FREE, or PUBLISHED after a refusal, while the cell is in no slot
 *   PUBLISHED  in exactly one slot (or its publisher is inside publish())
 *   TAKEN      its payload may be read by the thread that the state names, and by nobody else
 *
 * When a thread has ended, repair(thread) makes good whatever it was doing: each ticket is either still in the queue or in the answer.
 */

import { assert } from "../../actors/kernel/assert.js";
import { wordsOfRegion } from "./alignment.js";
import {
  consumerRoleAt,
  FREE,
  isPublished,
  payloadAt,
  planReadyQueue,
  producerRoleAt,
  type ReadyQueueLayout,
  type ReadyQueuePlan,
  SUPERVISOR,
  stateAt,
  takenBy,
} from "./ready-queue-layout.js";
import { ReadyQueueSlots } from "./ready-queue-slots.js";
import { AtomicWords, type Words } from "./words.js";

export type { ReadyQueueLayout } from "./ready-queue-layout.js";

const UNCLAIMED = 0;
const CLAIMED = 1;

export class ReadyQueue {
  /** The whole region. Payload words are read and written here, from wordOf(cell) on. */
  readonly ints: Int32Array;
  readonly #plan: ReadyQueuePlan;
  readonly #words: Words;
  readonly #slots: ReadyQueueSlots;

  /** Bytes of the region that a queue of this layout needs. */
  static bytes(layout: ReadyQueueLayout): number {
    return planReadyQueue(layout).bytes;
  }

  /** Views a region as a queue. Zeroed memory is an empty queue; every thread makes its own view. */
  constructor(buffer: SharedArrayBuffer, byteOffset: number, layout: ReadyQueueLayout, words?: Words) {
    this.#plan = planReadyQueue(layout);
    this.ints = wordsOfRegion(buffer, byteOffset, this.#plan.bytes);
    this.#words = words ?? new AtomicWords(this.ints);
    this.#slots = new ReadyQueueSlots(this.#plan, this.#words, this.ints);
  }

  /** The right to offer as `thread`. A second claim throws until repair(thread). */
  claimProducer(thread: number): ReadyQueueProducer {
    this.#claim(producerRoleAt(thread), thread);
    return new ReadyQueueProducer(this.#plan, this.#words, this.#slots, thread);
  }

  /** The right to take as `thread`. A second claim throws until repair(thread). */
  claimConsumer(thread: number): ReadyQueueConsumer {
    this.#claim(consumerRoleAt(thread), thread);
    return new ReadyQueueConsumer(this.#plan, this.#words, this.#slots, this.ints, thread);
  }

  /** Index in `ints` of a cell's first payload word. */
  wordOf(cell: number): number {
    return payloadAt(this.#plan, cell);
  }

  /** Tickets in the queue: a hint, out of date when it is returned. */
  length(): number {
    return this.#slots.length();
  }

  /** Empties the queue and starts its counters at `position`. Nobody else may use it meanwhile. */
  reset(position = 0): void {
    this.#slots.reset(position);
  }

  /**
   * Makes good what an ended thread was doing, while the others go on. Its unpublished cells become free, its published ones stay
   * valid, both its ends can be claimed again. What it had taken and not done is returned, oldest cell index first: each of these is
   * the caller's to read, and then to republish() or discard().
   */
  repair(dead: number): { readonly taken: readonly number[] } {
    this.#freeUnpublished(dead);
    const taken = this.#collectTaken(dead);
    this.#words.store(producerRoleAt(dead), UNCLAIMED);
    this.#words.store(consumerRoleAt(dead), UNCLAIMED);
    return { taken };
  }

  /** Offers again a cell that repair() returned. False: the queue is full; the cell is still the caller's. */
  republish(cell: number): boolean {
    this.#assertSupervised(cell);
    if (this.#slots.publish(cell)) return true;
    this.#words.store(stateAt(this.#plan, cell), takenBy(SUPERVISOR));
    return false;
  }

  /** Gives a cell that repair() returned back to its owner. */
  discard(cell: number): void {
    this.#assertSupervised(cell);
    this.#words.store(stateAt(this.#plan, cell), FREE);
  }

  #claim(role: number, thread: number): void {
    assert(Number.isInteger(thread) && thread >= 0 && thread < this.#plan.threads, `the ready queue knows thread ${thread}`);
    assert(this.#words.cas(role, UNCLAIMED, CLAIMED), `each end of the ready queue is claimed once by thread ${thread}`);
  }

  /** The slots are read first: a cell that was published has either been found there, or its state says TAKEN or FREE by now. */
  #freeUnpublished(dead: number): void {
    const inSlots = this.#slots.cellsInSlots();
    const first = dead * this.#plan.cellsPerProducer;
    for (let cell = first; cell < first + this.#plan.cellsPerProducer; cell++) {
      const state = this.#words.load(stateAt(this.#plan, cell));
      if (inSlots[cell] === 0 && isPublished(state)) this.#words.store(stateAt(this.#plan, cell), FREE);
    }
  }

  #collectTaken(dead: number): number[] {
    const taken: number[] = [];
    for (let cell = 0; cell < this.#plan.cells; cell++) {
      const at = stateAt(this.#plan, cell);
      if (this.#words.load(at) !== takenBy(dead)) continue;
      this.#slots.clearSlotOf(cell); // the thread may have ended between taking the cell and clearing its slot
      this.#words.store(at, takenBy(SUPERVISOR));
      taken.push(cell);
    }
    return taken;
  }

  #assertSupervised(cell: number): void {
    assert(this.ints[stateAt(this.#plan, cell)] === takenBy(SUPERVISOR), `repair() returned cell ${cell}`);
  }
}

const HOME = 0;
const RESERVED = 1;
const OUT = 2;

/** The offering end of one thread. Its free list is private; shared memory is asked only when the list is empty. */
export class ReadyQueueProducer {
  readonly #plan: ReadyQueuePlan;
  readonly #words: Words;
  readonly #slots: ReadyQueueSlots;
  readonly #first: number;
  /** By place among our own cells: HOME (in the list), RESERVED, or OUT (published, and FREE again some day). */
  readonly #places: Uint8Array;
  readonly #free: Int32Array;
  #freeCount = 0;

  constructor(plan: ReadyQueuePlan, words: Words, slots: ReadyQueueSlots, thread: number) {
    this.#plan = plan;
    this.#words = words;
    this.#slots = slots;
    this.#first = thread * plan.cellsPerProducer;
    this.#free = new Int32Array(plan.cellsPerProducer);
    this.#places = new Uint8Array(plan.cellsPerProducer).fill(OUT); // a predecessor's cells may still be out
    this.#sweep();
  }

  /** A cell to write a ticket into, or -1 while all of this thread's cells are out. */
  reserve(): number {
    if (this.#freeCount === 0) this.#sweep();
    if (this.#freeCount === 0) return -1;
    this.#freeCount -= 1;
    const cell = this.#free[this.#freeCount] ?? -1;
    this.#places[cell - this.#first] = RESERVED;
    return cell;
  }

  /** Publishes a reserved cell, whose payload must have been written. False: the queue is full, and the cell stays reserved. */
  publish(cell: number): boolean {
    this.#assertReserved(cell);
    if (!this.#slots.publish(cell)) return false;
    this.#places[cell - this.#first] = OUT;
    return true;
  }

  /** Gives a reserved cell back unpublished. */
  cancel(cell: number): void {
    this.#assertReserved(cell);
    this.#putBack(cell - this.#first);
  }

  /** Brings home the cells that their takers have done with. Pairs with (D) in done(): their payload may be overwritten. */
  #sweep(): void {
    for (let place = this.#places.length - 1; place >= 0; place--) {
      if (this.#places[place] === OUT && this.#words.load(stateAt(this.#plan, this.#first + place)) === FREE) this.#putBack(place);
    }
  }

  #putBack(place: number): void {
    this.#places[place] = HOME;
    this.#free[this.#freeCount] = this.#first + place;
    this.#freeCount += 1;
  }

  #assertReserved(cell: number): void {
    assert(this.#places[cell - this.#first] === RESERVED, "the cell was reserved by this producer");
  }
}

/** The taking end of one thread. It may hold several cells. */
export class ReadyQueueConsumer {
  readonly #plan: ReadyQueuePlan;
  readonly #words: Words;
  readonly #slots: ReadyQueueSlots;
  readonly #ints: Int32Array;
  readonly #thread: number;

  constructor(plan: ReadyQueuePlan, words: Words, slots: ReadyQueueSlots, ints: Int32Array, thread: number) {
    this.#plan = plan;
    this.#words = words;
    this.#slots = slots;
    this.#ints = ints;
    this.#thread = thread;
  }

  /** The oldest ticket's cell, or -1 when the queue is empty. Its payload stays readable until done(cell). */
  take(): number {
    return this.#slots.take(this.#thread);
  }

  /** Gives a taken cell back to its owner. Until then the thread answers for the ticket: fill the in-hand record first. */
  done(cell: number): void {
    const at = stateAt(this.#plan, cell);
    assert(this.#ints[at] === takenBy(this.#thread), "the cell was taken by this consumer"); // plain: nobody else writes it now
    this.#words.store(at, FREE); // (D) the payload may be overwritten. Pairs with the load in the owner's sweep
  }
}
