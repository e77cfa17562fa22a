/**
 * What a worker executes right now, and which of its waiting attempts is due first, in words that it overwrites in place: for the
 * watch-dog, for cancelling, and for the supervisor when the worker has ended.
 *
 *   byte 0                                       16                72                128               192                256
 *        ├─ EXECUTING ─┼─ BEAT ─┼─ WAITING ─┼────┼─ executing 0 ───┼─ executing 1 ───┼─ waiting 0 ─────┼─ waiting 1 ─────┤
 *                                                 two lines a worker, written by that worker
 *
 *   EXECUTING, WAITING   bits 31 … 1: records so far (wraps); bit 0: there is one. Bank = records & 1
 *   BEAT                 heartbeats so far, of all attempts (wraps)
 *   bank                 SLOT EPOCH ATTEMPT COUNT POSITION × 10, and for a waiting attempt DUE (a double, in two words)
 *
 * waits() writes the bank that WAITING does not point to, then (A) stores WAITING, which turns to that bank. readWaiting() loads
 * WAITING, reads its bank, and loads WAITING again: (B) equal means that no waits() came between, and only the one after the next
 * writes this bank. So a record is no mixture of two attempts, and a worker that ends between any two lines leaves the old or the new
 * one. (JavaScript orders plain writes before an atomic store, not behind it: on a processor that reorders them, the record after the
 * next would have to overtake all that lies between.)
 *
 * begin() and EXECUTING are the same, but for (C): the sequence is a plain store, too. An atomic one drains the processor's store buffer
 * before every task, which took a tenth of a small task's time. What is lost is only that another thread sees the record at once and in
 * order: so whoever acts on it must have seen it unchanged by two looks that lie a watch-dog's period apart, or look when the thread
 * has exited, behind which all that it has written is seen. end() stays atomic: it is not on the path of a task that another one follows.
 */

import { assert } from "../../actors/kernel/assert.js";
import { LINE_BYTES, LINE_WORDS, wordsOfRegion } from "./alignment.js";
import { AtomicWords, type Words } from "./words.js";

const EXECUTING = 0;
const BEAT = 1;
const WAITING = 2;
const PRESENT = 1;
const SLOT = 0;
const EPOCH = 1;
const ATTEMPT = 2;
const COUNT = 3;
const POSITIONS = 4;

/** Numbers that name a task: its instance, and the expands of the maps around it. */
export const positionsMax = 10;

const DUE = POSITIONS + positionsMax;
const EXECUTING_BANK_WORDS = POSITIONS + positionsMax;
const WAITING_BANK_WORDS = DUE + 2;
const EXECUTING_BANKS_AT = 4;
const WAITING_BANKS_AT = LINE_WORDS;

assert(EXECUTING_BANKS_AT + 2 * EXECUTING_BANK_WORDS <= LINE_WORDS, "the records of executing attempts fit the first line");
assert(2 * WAITING_BANK_WORDS <= LINE_WORDS, "the records of waiting attempts fit the second line");

/** Tries to read a record that keeps changing, before saying that nothing stays in hand. */
const readTriesMax = 100;

/** An attempt as the records name it. */
export interface NamedAttempt {
  readonly slot: number;
  readonly epoch: number;
  readonly attempt: number;
  /** The task: its instance, then those of the expands that opened the scopes around it, innermost first. */
  readonly positions: readonly number[];
}

export interface InHandRecord extends NamedAttempt {
  /** Differs from one start to the next: the same one later means that the same attempt is still in hand. */
  readonly sequence: number;
  /** Differs after any heartbeat of any attempt on this worker. */
  readonly beat: number;
}

export interface WaitingRecord extends NamedAttempt {
  readonly sequence: number;
  readonly beat: number;
  /** When its time is over, in ms on the engine's clock. */
  readonly dueAt: number;
}

export class InHand {
  readonly #words: Words;
  readonly #ints: Int32Array;
  #executing: number;
  #waiting: number;
  #beat: number;

  static bytes(): number {
    return 2 * LINE_BYTES;
  }

  /** Views a worker's lines. All but read(), readWaiting() and clear() are for that worker only, and for one view of them. */
  constructor(buffer: SharedArrayBuffer, byteOffset: number, words?: Words) {
    this.#ints = wordsOfRegion(buffer, byteOffset, InHand.bytes());
    this.#words = words ?? new AtomicWords(this.#ints);
    this.#executing = this.#words.load(EXECUTING);
    this.#waiting = this.#words.load(WAITING);
    this.#beat = this.#words.load(BEAT);
  }

  /**
   * Says that this attempt starts; it replaces the one in hand.
   *
   * @param positions the first `count` of them name the task
   */
  begin(slot: number, epoch: number, attempt: number, positions: ArrayLike<number>, count: number): void {
    const sequence = next(this.#executing);
    this.#write(executingBank(sequence), slot, epoch, attempt, positions, count);
    this.#executing = sequence;
    this.#ints[EXECUTING] = sequence; // (C) the record is this one. Plain: see above
  }

  /** As begin(), for a task that one number names: most are. */
  beginAt(slot: number, epoch: number, attempt: number, position: number): void {
    const sequence = next(this.#executing);
    const bank = executingBank(sequence);
    const ints = this.#ints;
    ints[bank + SLOT] = slot;
    ints[bank + EPOCH] = epoch;
    ints[bank + ATTEMPT] = attempt;
    ints[bank + COUNT] = 1;
    ints[bank + POSITIONS] = position;
    this.#executing = sequence;
    ints[EXECUTING] = sequence; // (C)
  }

  /** Says that nothing is in hand. */
  end(): void {
    this.#executing &= ~PRESENT;
    this.#words.store(EXECUTING, this.#executing);
  }

  /** Says which of the attempts that wait is due first, and when. */
  waits(slot: number, epoch: number, attempt: number, positions: ArrayLike<number>, count: number, dueAt: number): void {
    const sequence = next(this.#waiting);
    const bank = waitingBank(sequence);
    this.#write(bank, slot, epoch, attempt, positions, count);
    double[0] = dueAt;
    this.#ints[bank + DUE] = halves[0] as number;
    this.#ints[bank + DUE + 1] = halves[1] as number;
    this.#waiting = sequence;
    this.#words.store(WAITING, sequence); // (A) the record is this one. Pairs with (B)
  }

  /** Says that no attempt that waits is ever due. */
  noneWaits(): void {
    this.#waiting &= ~PRESENT;
    this.#words.store(WAITING, this.#waiting);
  }

  /** Says that some attempt has given a sign of life. */
  beat(): void {
    this.#beat = (this.#beat + 1) | 0;
    this.#words.store(BEAT, this.#beat);
  }

  /** Empties both records: for the supervisor, when the worker has ended and what it left has been read. */
  clear(): void {
    for (const at of [EXECUTING, WAITING]) this.#words.store(at, this.#words.load(at) & ~PRESENT);
  }

  /** What is in hand, from any thread; undefined while nothing is, or while tasks follow one another too fast to be seen. */
  read(): InHandRecord | undefined {
    return this.#stable(EXECUTING, (sequence) => ({
      sequence,
      beat: this.#words.load(BEAT),
      ...this.#named(executingBank(sequence)),
    }));
  }

  /** Which waiting attempt is due first, from any thread; undefined while none is, or while that changes too fast to be seen. */
  readWaiting(): WaitingRecord | undefined {
    return this.#stable(WAITING, (sequence) => {
      const bank = waitingBank(sequence);
      halves[0] = this.#words.load(bank + DUE);
      halves[1] = this.#words.load(bank + DUE + 1);
      const dueAt = double[0] as number;
      return { sequence, beat: this.#words.load(BEAT), ...this.#named(bank), dueAt };
    });
  }

  #write(bank: number, slot: number, epoch: number, attempt: number, positions: ArrayLike<number>, count: number): void {
    const ints = this.#ints;
    ints[bank + SLOT] = slot;
    ints[bank + EPOCH] = epoch;
    ints[bank + ATTEMPT] = attempt;
    ints[bank + COUNT] = count;
    for (let index = 0; index < count; index++) ints[bank + POSITIONS + index] = positions[index] as number;
  }

  /** What `read` finds behind a sequence word that stays the same meanwhile. */
  #stable<Found>(at: number, read: (sequence: number) => Found): Found | undefined {
    for (let tries = 0; tries < readTriesMax; tries++) {
      const sequence = this.#words.load(at); // (B)
      if ((sequence & PRESENT) === 0) return undefined;
      const found = read(sequence);
      if (this.#words.load(at) === sequence) return found;
    }
    return undefined;
  }

  #named(bank: number): NamedAttempt {
    const words = this.#words;
    const count = Math.max(0, Math.min(positionsMax, words.load(bank + COUNT))); // it may be changing: only what is stable counts
    return {
      slot: words.load(bank + SLOT),
      epoch: words.load(bank + EPOCH),
      attempt: words.load(bank + ATTEMPT),
      positions: Array.from({ length: count }, (_, index) => words.load(bank + POSITIONS + index)),
    };
  }
}

/** The sequence word of the next record. */
const next = (sequence: number): number => (((sequence >> 1) + 1) << 1) | PRESENT;
const executingBank = (sequence: number): number => EXECUTING_BANKS_AT + ((sequence >> 1) & 1) * EXECUTING_BANK_WORDS;
const waitingBank = (sequence: number): number => WAITING_BANKS_AT + ((sequence >> 1) & 1) * WAITING_BANK_WORDS;

const double = new Float64Array(1);
const halves = new Int32Array(double.buffer);
