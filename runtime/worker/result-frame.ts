/**
 * The end of a run, from its home to the control thread.
 *
 *   word 0     1      2     3        4-5       6-7         8              9 …
 *       ├ slot┼ epoch┼ isOk┼ workers┼ started ┼ ended     ┼ body bytes, ┼ per worker: tasks, work in µs ┼ body … ┤
 *                                                            < 0: by port
 *
 * isOk is 0 or 1; 2 is another frame, of three words: the worker has let go of the run that was in the slot; 3: see journal-frame.ts.
 *
 * `started` and `ended` in ms on the engine's clock. The body is the encoded result, or the encoded error.
 */
import { decodeRange } from "../codec/value-codec.js";
import type { RingConsumer } from "../memory/ring-consumer.js";
import { readDouble, writeDouble } from "./double-words.js";
import { JOURNAL, journalEvents } from "./journal-frame.js";

const HEADER_WORDS = 9;

/** A larger body goes by MessagePort. */
export const resultBytesMax = 16 * 1024;

export interface RunResult {
  readonly slot: number;
  readonly epoch: number;
  readonly isOk: boolean;
  readonly startedAt: number;
  readonly endedAt: number;
  /** By worker. */
  readonly tasks: readonly number[];
  readonly workMs: readonly number[];
  readonly body: Uint8Array;
  /** The body goes by port and is left out of the frame. */
  readonly isByPort: boolean;
}

const LET_GO = 2;

/** A frame that says that a run was let go. */
export function encodeLetGo(slot: number, epoch: number): Uint8Array {
  return new Uint8Array(new Int32Array([slot, epoch, LET_GO]).buffer);
}

/** Bytes of the frame of a run with a body of this length. */
export function resultFrameBytes(workers: number, bodyBytes: number): number {
  return (HEADER_WORDS + workers * 2) * 4 + bodyBytes;
}

/** Writes a result into reserved room of a ring; `byteOffset` is aligned to a word. */
export function writeResult(ints: Int32Array, bytes: Uint8Array, byteOffset: number, result: RunResult): void {
  const at = byteOffset >> 2;
  const workers = result.tasks.length;
  ints[at] = result.slot;
  ints[at + 1] = result.epoch;
  ints[at + 2] = result.isOk ? 1 : 0;
  ints[at + 3] = workers;
  writeDouble(ints, at + 4, result.startedAt);
  writeDouble(ints, at + 6, result.endedAt);
  ints[at + 8] = result.isByPort ? -result.body.length : result.body.length;
  for (let worker = 0; worker < workers; worker++) {
    ints[at + HEADER_WORDS + worker * 2] = result.tasks[worker] as number;
    ints[at + HEADER_WORDS + worker * 2 + 1] = Math.min(0x7fffffff, Math.round((result.workMs[worker] as number) * 1000));
  }
  if (!result.isByPort) bytes.set(result.body, byteOffset + (HEADER_WORDS + workers * 2) * 4);
}

/**
 * Reads results off a ring without making an object for each: `next()` moves to the next one, the members then tell of it. The ring's
 * consumer copies every frame to the same private buffer, which is viewed once.
 */
export class ResultReader {
  readonly #ring: RingConsumer;
  #words: Int32Array = new Int32Array();
  #scratch = Buffer.alloc(0);

  constructor(ring: RingConsumer) {
    this.#ring = ring;
  }

  /** False when the ring is empty. */
  next(): boolean {
    const frame = this.#ring.take();
    if (frame === undefined) return false;
    if (frame.buffer !== this.#words.buffer) {
      this.#words = new Int32Array(frame.buffer);
      this.#scratch = Buffer.from(frame.buffer as ArrayBuffer); // private memory of the ring's consumer
    }
    return true;
  }

  get slot(): number {
    return this.#words[0] as number;
  }

  get epoch(): number {
    return this.#words[1] as number;
  }

  /** The worker has let go of the run; there is nothing else in the frame. */
  get isLetGo(): boolean {
    return this.#words[2] === LET_GO;
  }

  /** The frame holds what the worker has recorded. */
  get isJournal(): boolean {
    return this.#words[2] === JOURNAL;
  }

  /** Journal: its number. */
  get batch(): number {
    return this.#words[0] as number;
  }

  /** Journal: the events, in memory of their own; undefined: they come by port. */
  events(): Uint8Array | undefined {
    return journalEvents(this.#words[1] as number, this.#scratch);
  }

  get isOk(): boolean {
    return this.#words[2] === 1;
  }

  get startedAt(): number {
    return readDouble(this.#words, 4);
  }

  get endedAt(): number {
    return readDouble(this.#words, 6);
  }

  /** The body comes by port. */
  get isByPort(): boolean {
    return (this.#words[8] as number) < 0;
  }

  get bodyBytes(): number {
    const bytes = this.#words[8] as number;
    return bytes < 0 ? -bytes : bytes;
  }

  /** Tasks that each worker executed. */
  get tasks(): number[] {
    return this.#perWorker(0);
  }

  /** Time that each worker spent in handlers, in µs. */
  get workUs(): number[] {
    return this.#perWorker(1);
  }

  /** Decodes the body. */
  body(): unknown {
    const from = this.#bodyFrom;
    return decodeRange(this.#scratch, from, from + (this.#words[8] as number));
  }

  /** The body as it is, in memory of its own. */
  bodyCopy(): Uint8Array {
    const from = this.#bodyFrom;
    return new Uint8Array(this.#scratch.subarray(from, from + (this.#words[8] as number)));
  }

  get #bodyFrom(): number {
    return (HEADER_WORDS + (this.#words[3] as number) * 2) * 4;
  }

  #perWorker(offset: number): number[] {
    const list = new Array<number>(this.#words[3] as number);
    for (let worker = 0; worker < list.length; worker++) list[worker] = this.#words[HEADER_WORDS + worker * 2 + offset] as number;
    return list;
  }
}
