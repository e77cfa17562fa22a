/**
 * What has happened to runs and their tasks, as bytes: written by workers and by the control thread, kept by stores.
 *
 *   word 0       1      2     3       4         5           6-7   8            9 …         …
 *        ├ bytes ┼ kind ┼ run ┼ fence ┼ attempt ┼ positions ┼ at ┼ body bytes ┼ positions ┼ body, filled up to a word ┤
 *
 * - run: number of the run. In a batch that a worker sends: its slot. fence: of its home; in a batch: its epoch. The control thread writes
 *   the one over the other, or VOID over the kind of an event that is stale
 * - attempt: number of the attempt, or how often something has happened
 * - positions: how many numbers name the task, and these; see taskPositions(). None for events of the run itself
 * - at: in ms of wall-clock time, by kind; 0 where nobody asks
 * - body: by kind, msgpack
 *
 * Words are little-endian. An event says what is so, not what to change: reading one twice, or in another order, says the same.
 */
import { DataFlowerError } from "../../actors/kernel/errors.js";

/** To be passed over. */
export const VOID = 0;
/** A run was accepted. Body: see Acceptance. */
export const ACCEPTED = 1;
/** A task has returned. Body: its output; none where nobody reads it. */
export const RETURNED = 2;
/** An attempt of a task has failed. Body: the failure. At: when the next attempt may start; NaN: there is none. */
export const FAILED = 3;
/** An attempt that must not be repeated unseen is about to start. */
export const STARTED = 4;
/** An attempt ended with its thread. Body: see Charge. */
export const CHARGED = 5;
/** A run has ended: how, is kept elsewhere. */
export const RUN_ENDED = 6;
/** The process has died `attempt` times while the task was marked as started. */
export const DIED = 7;
/** How a workflow looks like that runs name. Of no run. Body: see Definition. */
export const DEFINED = 8;
/** What policies have learnt so far: the newest one counts. Of no run. Body: see Learned. */
export const LEARNED = 9;

const HEADER_WORDS = 9;
const HEADER_BYTES = HEADER_WORDS * 4;
const firstBytes = 4 * 1024;

export interface JournalEvent {
  readonly kind: number;
  readonly run: number;
  readonly fence: number;
  readonly attempt: number;
  readonly positions: readonly number[];
  /** In ms of wall-clock time; NaN: never. */
  readonly at: number;
  /** Nothing is told apart from an empty body. */
  readonly body: Uint8Array;
}

const noBytes = new Uint8Array();

/** Gathers events, one behind the other. */
export class EventWriter {
  #bytes = Buffer.alloc(firstBytes);
  #length = 0;

  /** Bytes of the events so far. */
  get length(): number {
    return this.#length;
  }

  append(
    kind: number,
    run: number,
    fence: number,
    attempt: number,
    positions: readonly number[],
    at: number,
    body: Uint8Array = noBytes,
  ): void {
    const from = this.#length;
    const size = HEADER_BYTES + positions.length * 4 + ((body.length + 3) & ~3);
    this.#reserve(size);
    const bytes = this.#bytes;
    bytes.writeInt32LE(size, from);
    bytes.writeInt32LE(kind, from + 4);
    bytes.writeInt32LE(run, from + 8);
    bytes.writeInt32LE(fence, from + 12);
    bytes.writeInt32LE(attempt, from + 16);
    bytes.writeInt32LE(positions.length, from + 20);
    bytes.writeDoubleLE(at, from + 24);
    bytes.writeInt32LE(body.length, from + 32);
    let end = from + HEADER_BYTES;
    for (const position of positions) end = bytes.writeInt32LE(position, end);
    bytes.set(body, end);
    bytes.fill(0, end + body.length, from + size);
    this.#length = from + size;
  }

  /** Appends an event as it was read. */
  copy(event: JournalEvent): void {
    this.append(event.kind, event.run, event.fence, event.attempt, event.positions, event.at, event.body);
  }

  /** The events so far, in memory of their own. The next ones begin anew. */
  take(): Uint8Array {
    const taken = new Uint8Array(this.#length);
    taken.set(this.#bytes.subarray(0, this.#length));
    this.#length = 0;
    if (this.#bytes.length > 16 * firstBytes) this.#bytes = Buffer.alloc(firstBytes);
    return taken;
  }

  #reserve(size: number): void {
    if (this.#length + size <= this.#bytes.length) return;
    const larger = Buffer.alloc(2 ** Math.ceil(Math.log2(this.#length + size)));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }
}

/** Reads events without making an object for each: `next()` moves to the next one, the members then tell of it. */
export class EventReader implements JournalEvent {
  readonly #bytes: Buffer;
  #at = 0;
  #next = 0;

  /** @param bytes private memory: events, one behind the other */
  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** False behind the last one. @throws DF_FRAME_CORRUPT when what stands there is no event */
  next(): boolean {
    this.#at = this.#next;
    const left = this.#bytes.length - this.#at;
    if (left === 0) return false;
    if (left < HEADER_BYTES) throw damaged("bytes left over");
    const size = this.#word(0);
    if (size % 4 !== 0 || size > left || this.#word(5) < 0 || this.#word(8) < 0) throw damaged("a length that cannot be");
    // Not by bits, which would wrap: lengths that are damaged may be of any size.
    if (HEADER_BYTES + this.#word(5) * 4 + Math.ceil(this.#word(8) / 4) * 4 !== size) throw damaged("lengths that do not match");
    this.#next = this.#at + size;
    return true;
  }

  get kind(): number {
    return this.#word(1);
  }

  get run(): number {
    return this.#word(2);
  }

  get fence(): number {
    return this.#word(3);
  }

  get attempt(): number {
    return this.#word(4);
  }

  get positions(): number[] {
    return Array.from({ length: this.#word(5) }, (_, index) => this.#word(HEADER_WORDS + index));
  }

  get at(): number {
    return this.#bytes.readDoubleLE(this.#at + 24);
  }

  /** A window on the bytes that are read. */
  get body(): Uint8Array {
    const from = this.#at + HEADER_BYTES + this.#word(5) * 4;
    return this.#bytes.subarray(from, from + this.#word(8));
  }

  /** Names the run as the journal does, in place. */
  assign(run: number, fence: number): void {
    this.#bytes.writeInt32LE(run, this.#at + 8);
    this.#bytes.writeInt32LE(fence, this.#at + 12);
  }

  /** Makes the event one that is passed over, in place. */
  clear(): void {
    this.#bytes.writeInt32LE(VOID, this.#at + 4);
  }

  #word(word: number): number {
    return this.#bytes.readInt32LE(this.#at + word * 4);
  }
}

function damaged(found: string): DataFlowerError {
  return new DataFlowerError("DF_FRAME_CORRUPT", `Cannot read events as they must stand one behind the other: found ${found}`);
}
