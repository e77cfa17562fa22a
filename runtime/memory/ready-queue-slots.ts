/**
 * The lock-free heart of the ready queue: a bounded multi-producer multi-consumer FIFO of cells. Layout: ready-queue-layout.ts.
 *
 * Life of a position p, in slot s, with cell c:
 *
 *   slot:   (turn, empty) ──A──▶ (turn, c) ─────────────────C──▶ (turn + 1, empty)
 *   cell:   FREE ──▶ PUBLISHED ─────────────B──▶ TAKEN by t ───────────────────────D──▶ FREE
 *   hint:                        TAIL → p + 1                    HEAD → p + 1
 *
 *   A  publish()  the CAS on the slot. The offer takes effect here, payload and state having been written before
 *   B  take()     the CAS on the cell. The take takes effect here, and the same word names the taker
 *   C  anyone     whoever sees that the cell in a slot is not PUBLISHED any more clears the slot; the taker does before it returns
 *   D  done()     the taker only, hence after C
 *
 * There is no step at which a thread holds something that others must wait for: it may end or sleep anywhere, and what is left to
 * do for its operation (C, and moving TAIL or HEAD) is done by whoever comes next.
 *
 * Pairs (all accesses are sequentially consistent; the letters stand at the lines):
 *   A pairs with the slot load in take(): who sees the cell there sees its payload and its PUBLISHED state.
 *   B pairs with B of other takers: one CAS succeeds for each publication, the sequence in the word tells publications apart.
 *   C pairs with the slot load in publish(): who sees (turn + 1, empty) may use the slot for position p + capacity.
 *   D pairs with the state load of the owner's sweep: it sees FREE only after the taker's last read of the payload.
 *
 * Why it is a FIFO, and its answers exact. A slot's word moves only forward, by CAS. TAIL is moved from p to p + 1 only after p was
 * published, and p is published only by a thread that read p from TAIL: so positions are published in order, and TAIL is at most
 * one behind the last. HEAD moves from p to p + 1 only after C of p, and B of p follows a read of p from HEAD: so positions are taken
 * in order, too. The slot is read again between the load of the state and B; as it has not moved, that state belongs to this
 * publication, and B can succeed for it only.
 *   "Empty" is true when take() loads the slot: p is not published, and everything before p was taken as HEAD was p.
 *   "Full" is true when publish() loads the state: everything before p is published as TAIL was p, and position p - capacity
 *   is PUBLISHED. Neither needs a second look at the hint: a stale hint meets a slot of a later turn, and retries.
 *
 * Why it is lock-free. A pass of either loop ends without an answer only if a word moved forward since the pass began, or because
 * this pass moves it (C, TAIL, HEAD): and each of those moves happens once for each ticket that is published or taken.
 *
 * ABA bounds. A CAS on a slot is fooled only if its thread slept for exactly 2^20 × capacity tickets (or a multiple) between
 * load and CAS, B only if exactly 2^30 publications of that one cell passed, and TAIL's or HEAD's after 2^32 tickets.
 */

import { DataFlowerError } from "../../actors/kernel/errors.js";
import {
  cellIn,
  EMPTY,
  FREE,
  HEAD,
  holding,
  isPublished,
  passed,
  published,
  type ReadyQueuePlan,
  sequenceAt,
  stateAt,
  TAIL,
  takenBy,
  turnAgainst,
  waiting,
} from "./ready-queue-layout.js";
import type { Words } from "./words.js";

export class ReadyQueueSlots {
  readonly #plan: ReadyQueuePlan;
  readonly #words: Words;
  readonly #ints: Int32Array;
  readonly #mask: number;
  readonly #turnShift: number;

  constructor(plan: ReadyQueuePlan, words: Words, ints: Int32Array) {
    this.#plan = plan;
    this.#words = words;
    this.#ints = ints;
    this.#mask = plan.capacity - 1;
    this.#turnShift = Math.log2(plan.capacity);
  }

  /** Publishes a cell that the caller holds. False: the queue is full; the cell is PUBLISHED but in no slot, and still the caller's. */
  publish(cell: number): boolean {
    const words = this.#words;
    const sequence = this.#nextSequence(cell);
    words.store(stateAt(this.#plan, cell), published(sequence)); // before A: what is in a slot is PUBLISHED
    for (;;) {
      const tail = words.load(TAIL);
      const slot = this.#slotOf(tail);
      const expected = this.#waitingFor(tail);
      const word = words.load(slot);
      const turn = turnAgainst(word, expected);
      if (turn < 0) {
        if (this.#isHeld(slot, word)) return false;
      } else if (word !== expected) {
        this.#advance(TAIL, tail);
      } else if (words.cas(slot, expected, holding(expected, cell))) {
        // (A) published, payload and all. Pairs with the load in take()
        this.#advance(TAIL, tail);
        return true;
      }
    }
  }

  /** Takes the oldest cell in the name of `thread`, or returns EMPTY. */
  take(thread: number): number {
    const words = this.#words;
    for (;;) {
      const head = words.load(HEAD);
      const slot = this.#slotOf(head);
      const expected = this.#waitingFor(head);
      const word = words.load(slot); // pairs with (A)
      if (word === expected) return EMPTY;
      if (turnAgainst(word, expected) !== 0) {
        this.#advance(HEAD, head);
        continue;
      }
      const cell = this.#cellIn(word);
      const state = words.load(stateAt(this.#plan, cell));
      if (isPublished(state)) {
        if (words.load(slot) !== word) continue; // the state may belong to a later publication of this cell
        if (!words.cas(stateAt(this.#plan, cell), state, takenBy(thread))) continue; // (B) the cell is ours, and says so
        this.#clear(slot, word);
        this.#advance(HEAD, head);
        return cell;
      }
      this.#clear(slot, word);
      this.#advance(HEAD, head);
    }
  }

  /** Cells found in slots, by cell. A cell published before the call and missing from the answer has been taken. */
  cellsInSlots(): Uint8Array {
    const found = new Uint8Array(this.#plan.cells);
    for (let index = 0; index < this.#plan.capacity; index++) {
      const cell = cellIn(this.#words.load(this.#plan.slotsAt + index));
      if (cell !== EMPTY && cell < found.length) found[cell] = 1;
    }
    return found;
  }

  /** Does (C) for a cell that a dead thread took: from here on nothing but its state word knows of it. */
  clearSlotOf(takenCell: number): void {
    for (let index = 0; index < this.#plan.capacity; index++) {
      const slot = this.#plan.slotsAt + index;
      const word = this.#words.load(slot);
      if (cellIn(word) === takenCell) this.#clear(slot, word);
    }
  }

  /** Tickets in the queue, give or take those being offered and taken right now. */
  length(): number {
    const length = (this.#words.load(TAIL) - this.#words.load(HEAD)) | 0;
    return Math.min(Math.max(length, 0), this.#plan.capacity);
  }

  /** Empties the queue and starts its counters at `position`. Nobody else may use it meanwhile. */
  reset(position: number): void {
    for (let index = 0; index < this.#plan.capacity; index++) {
      const at = (position + index) | 0;
      this.#words.store(this.#slotOf(at), this.#waitingFor(at));
    }
    for (let cell = 0; cell < this.#plan.cells; cell++) this.#words.store(stateAt(this.#plan, cell), FREE);
    this.#words.store(TAIL, position | 0);
    this.#words.store(HEAD, position | 0);
  }

  #slotOf(position: number): number {
    return this.#plan.slotsAt + (position & this.#mask);
  }

  #waitingFor(position: number): number {
    return waiting(position >>> this.#turnShift);
  }

  /** Only the holder of a cell writes its sequence, so a plain word will do; the store of the state behind it publishes it. */
  #nextSequence(cell: number): number {
    const at = sequenceAt(this.#plan, cell);
    const sequence = ((this.#ints[at] ?? 0) + 1) | 0;
    this.#ints[at] = sequence;
    return sequence;
  }

  /** Whether the slot holds a cell that nobody has taken. A taken one is cleared away, and the answer is "look again". */
  #isHeld(slot: number, word: number): boolean {
    const state = this.#words.load(stateAt(this.#plan, this.#cellIn(word)));
    if (isPublished(state)) return this.#words.load(slot) === word;
    this.#clear(slot, word);
    return false;
  }

  /** (C) A failed CAS means that somebody else has cleared the slot: either way it has moved past `word`. */
  #clear(slot: number, word: number): void {
    this.#words.cas(slot, word, passed(word));
  }

  /** A failed CAS means that somebody else has moved the hint. */
  #advance(hint: number, position: number): void {
    this.#words.cas(hint, position, (position + 1) | 0);
  }

  #cellIn(word: number): number {
    const cell = cellIn(word);
    if (cell >= 0 && cell < this.#plan.cells) return cell;
    throw new DataFlowerError("DF_RING_CORRUPT", `Cannot read the ready queue as its slots must name cells: found ${cell}`);
  }
}
