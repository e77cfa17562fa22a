/**
 * What a worker executes right now, in words that it overwrites in place: for the watch-dog, for cancelling, and for the supervisor
 * when the worker has ended.
 *
 *   byte 0            16                            32                         128
 *        ├─ SEQUENCE ─┼─ bank 0: SLOT EPOCH TASK ───┼─ bank 1: the same ───────┤      one line a worker, written by that worker
 *
 *   SEQUENCE   bits 31 … 1: starts so far (wraps); bit 0: one is in hand. Bank = starts & 1
 *
 * begin() writes the bank that SEQUENCE does not point to, then (A) stores SEQUENCE, which turns to that bank. read() loads
 * SEQUENCE, reads its bank, and loads SEQUENCE again: (B) equal means that no begin() came between, and only the one after the next
 * writes this bank. So a record is no mixture of two tasks, and a worker that ends between any two lines leaves the old or the new one.
 * (JavaScript orders plain writes before an atomic store, not behind it: on a processor that reorders them, the start after the next
 * would have to overtake a whole task. Whoever acts on a record has seen it unchanged for a while, or after the worker's end.)
 *
 * A start costs one atomic store; end() another, needed only when nothing follows at once.
 */

import { assert } from "../../actors/kernel/assert.js";
import { LINE_BYTES, wordsOfRegion } from "./alignment.js";
import { AtomicWords, type Words } from "./words.js";

const SEQUENCE = 0;
const BUSY = 1;
const BANKS_AT = 4;
const BANK_WORDS = 4;
const SLOT = 0;
const EPOCH = 1;
const TASK = 2;

/** Tries to read a record that keeps changing, before saying that nothing stays in hand. */
const readTriesMax = 100;

export interface InHandRecord {
  /** Differs from one start to the next: the same one later means that the same task is still in hand. */
  readonly sequence: number;
  readonly slot: number;
  readonly epoch: number;
  readonly task: number;
}

export class InHand {
  readonly #words: Words;
  readonly #ints: Int32Array;
  #sequence: number;

  static bytes(): number {
    return LINE_BYTES;
  }

  /** Views a worker's line. begin() and end() are for that worker only, and for one view of it. */
  constructor(buffer: SharedArrayBuffer, byteOffset: number, words?: Words) {
    this.#ints = wordsOfRegion(buffer, byteOffset, InHand.bytes());
    this.#words = words ?? new AtomicWords(this.#ints);
    this.#sequence = this.#words.load(SEQUENCE);
    assert(BANKS_AT + 2 * BANK_WORDS <= LINE_BYTES / 4, "a record fits its line");
  }

  /** Says that this task starts; it replaces the one in hand. */
  begin(slot: number, epoch: number, task: number): void {
    const sequence = (((this.#sequence >> 1) + 1) << 1) | BUSY;
    const bank = bankOf(sequence);
    this.#ints[bank + SLOT] = slot;
    this.#ints[bank + EPOCH] = epoch;
    this.#ints[bank + TASK] = task;
    this.#sequence = sequence;
    this.#words.store(SEQUENCE, sequence); // (A) the record is this one. Pairs with (B)
  }

  /** Says that nothing is in hand. */
  end(): void {
    this.#sequence &= ~BUSY;
    this.#words.store(SEQUENCE, this.#sequence);
  }

  /** What is in hand, from any thread; undefined while nothing is, or while tasks follow one another too fast to be seen. */
  read(): InHandRecord | undefined {
    for (let tries = 0; tries < readTriesMax; tries++) {
      const sequence = this.#words.load(SEQUENCE); // (B)
      if ((sequence & BUSY) === 0) return undefined;
      const bank = bankOf(sequence);
      const slot = this.#words.load(bank + SLOT);
      const epoch = this.#words.load(bank + EPOCH);
      const task = this.#words.load(bank + TASK);
      if (this.#words.load(SEQUENCE) === sequence) return { sequence, slot, epoch, task };
    }
    return undefined;
  }
}

const bankOf = (sequence: number): number => BANKS_AT + ((sequence >> 1) & 1) * BANK_WORDS;
