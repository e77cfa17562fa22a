/**
 * Where the ready queue's words lie, and what they say.
 *
 *   byte 0         128        256              slots                cells
 *        ├─ TAIL ──┼─ HEAD ───┼─ ROLES … ──────┼─ slot 0 ┬ slot 1 … ┼─ cell 0 ─┬─ cell 1 … ┤
 *    written by:  anyone     anyone            anyone                see below
 *                 (CAS +1)   (CAS +1)          (CAS)
 *
 *   ROLES   two words a thread: "its producer end is claimed", "its consumer end is claimed" (CAS; cleared by repair)
 *
 *   slot    bit 31            12 11                 0      0 in the low bits: empty
 *           ├─ turn, 20 bits ──┼─ cell index + 1 ───┤
 *
 *   cell    byte 0        4            8
 *           ├─ STATE ─────┼─ SEQUENCE ─┼─ payload: cellWords Int32 ─┼ padding to 64 ┤
 *
 *   STATE      FREE                     nobody's, or private to its owner, who may be writing the payload
 *              PUBLISHED | sequence     in a slot; or in none, while its publisher is inside publish() or was refused
 *              TAKEN | thread           held by that thread. Written by the CAS that takes it
 *   SEQUENCE   publications of this cell, 30 bits, written by its publisher: tells two publications of one cell apart
 *
 * Thread t owns the cells [t × cellsPerProducer, (t + 1) × cellsPerProducer).
 *
 * Position p (TAIL and HEAD are positions, they wrap at 2^32) lies in slot p mod capacity and has turn p div capacity. A slot
 * waits for position p while it says (turn(p), empty), holds p while it says (turn(p), cell), and has passed p on (turn(p) + 1, …).
 * Memory of zeros is a valid empty queue at position 0, so a fresh region needs no set-up.
 */

import { assert } from "../../actors/kernel/assert.js";
import { alignUp, isPowerOfTwo, LINE_BYTES, LINE_WORDS } from "./alignment.js";

export interface ReadyQueueLayout {
  /** Slots; a power of two from 2 to 4096. */
  readonly capacity: number;
  /** Threads 0 … threads - 1, each of which may offer and take; at most 255. */
  readonly threads: number;
  /** Tickets that one thread may have reserved or under way; threads × cellsPerProducer is at most 4095. */
  readonly cellsPerProducer: number;
  /** Int32 words of payload in a ticket. */
  readonly cellWords: number;
}

export const capacityMax = 4096;
export const threadsMax = 255;
export const cellsMax = 4095;
/** The id under which repair() holds the cells that a dead thread had taken. */
export const SUPERVISOR = threadsMax;

export const TAIL = 0;
export const HEAD = LINE_WORDS;
const ROLES = 2 * LINE_WORDS;

const CELL_HEADER_WORDS = 2;
const CELL_UNIT_WORDS = 16;

/** Word indices that follow from a layout. */
export interface ReadyQueuePlan extends ReadyQueueLayout {
  readonly cells: number;
  readonly slotsAt: number;
  readonly cellsAt: number;
  readonly cellStride: number;
  readonly bytes: number;
}

export function planReadyQueue(layout: ReadyQueueLayout): ReadyQueuePlan {
  const { capacity, threads, cellsPerProducer, cellWords } = layout;
  assert(isPowerOfTwo(capacity) && capacity >= 2 && capacity <= capacityMax, "the ready queue's capacity is a power of two from 2 to 4096");
  assert(Number.isInteger(threads) && threads >= 1 && threads <= threadsMax, "the ready queue serves 1 to 255 threads");
  assert(Number.isInteger(cellsPerProducer) && cellsPerProducer >= 1, "each producer of the ready queue owns a cell");
  assert(threads * cellsPerProducer <= cellsMax, "the ready queue has at most 4095 cells");
  assert(Number.isInteger(cellWords) && cellWords >= 1, "a ticket has at least one word");
  const cells = threads * cellsPerProducer;
  const cellStride = alignUp(CELL_HEADER_WORDS + cellWords, CELL_UNIT_WORDS);
  const slotsAt = alignUp(ROLES + 2 * threads, LINE_WORDS);
  const cellsAt = alignUp(slotsAt + capacity, LINE_WORDS);
  const bytes = alignUp((cellsAt + cells * cellStride) * 4, LINE_BYTES);
  return { capacity, threads, cellsPerProducer, cellWords, cells, slotsAt, cellsAt, cellStride, bytes };
}

export const producerRoleAt = (thread: number): number => ROLES + 2 * thread;
export const consumerRoleAt = (thread: number): number => ROLES + 2 * thread + 1;

export const stateAt = (plan: ReadyQueuePlan, cell: number): number => plan.cellsAt + cell * plan.cellStride;
export const sequenceAt = (plan: ReadyQueuePlan, cell: number): number => stateAt(plan, cell) + 1;
export const payloadAt = (plan: ReadyQueuePlan, cell: number): number => stateAt(plan, cell) + CELL_HEADER_WORDS;

// Slot words.

export const EMPTY = -1;
const CELL_BITS = 12;
const CELL_MASK = (1 << CELL_BITS) - 1;

/** The word of a slot that waits for the position of this turn. The turn's upper bits fall out. */
export const waiting = (turn: number): number => turn << CELL_BITS;
export const holding = (waitingWord: number, cell: number): number => waitingWord | (cell + 1);
/** The word of the same slot once its position has been taken. */
export const passed = (word: number): number => ((word >>> CELL_BITS) + 1) << CELL_BITS;
/** Cell in the slot, or EMPTY. */
export const cellIn = (word: number): number => (word & CELL_MASK) - 1;
/** Negative, 0, positive: the slot is still at an earlier turn, at this one, at a later one. */
export const turnAgainst = (word: number, waitingWord: number): number => ((word & ~CELL_MASK) - waitingWord) | 0;

// State words of cells.

export const FREE = 0;
const PUBLISHED = 1;
const TAKEN = 2;
const STATE_BITS = 2;
const STATE_MASK = (1 << STATE_BITS) - 1;

export const published = (sequence: number): number => (sequence << STATE_BITS) | PUBLISHED;
export const takenBy = (thread: number): number => (thread << STATE_BITS) | TAKEN;
export const isPublished = (state: number): boolean => (state & STATE_MASK) === PUBLISHED;
