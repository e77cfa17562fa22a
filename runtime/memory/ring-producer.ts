import { assert } from "../../actors/kernel/assert.js";
import { counted, frameTotal, frameTotalWorst, HEAD, HEADER_BYTES, moved, type RingMemory, SKIP, TAIL } from "./byte-ring-layout.js";

/** The writing end of a byte ring. Layout and protocol: byte-ring-layout.ts. For one thread. */
export class RingProducer {
  readonly #memory: RingMemory;
  readonly #mask: number;
  /** The mark of the next frame. */
  #tail: number;
  /** HEAD as last read: the real one may be further, never behind. */
  #headSeen: number;
  #promisedBytes = 0;
  #reservedBytes = 0;

  constructor(memory: RingMemory) {
    this.#memory = memory;
    this.#mask = memory.capacity - 1;
    this.#tail = memory.words.load(TAIL);
    this.#headSeen = memory.words.load(HEAD);
  }

  /** Bytes that neither frames nor promises hold. A frame takes 8 more than its payload, padding, and the skip at the end of a lap. */
  freeBytes(): number {
    this.#headSeen = this.#memory.words.load(HEAD);
    return this.#freeSeen();
  }

  /**
   * Makes room for a frame and returns where its payload is to be written (an offset in ring.bytes), or -1 when the ring is full.
   * The frame exists from publish() on; another reserve() before that gives this one up.
   */
  reserve(byteLength: number): number {
    assert(byteLength >= 0 && byteLength <= this.#memory.frameBytesMax, "a frame fits half of its ring");
    const total = frameTotal(byteLength);
    const at = this.#tail & this.#mask;
    const toEnd = this.#memory.capacity - at;
    const skip = toEnd < total ? toEnd : 0;
    if (!this.#hasRoom(skip + total)) return -1;
    if (skip > 0) this.#writeHeader(at, SKIP, this.#tail);
    const start = skip > 0 ? 0 : at;
    this.#writeHeader(start, byteLength, skip > 0 ? moved(this.#tail, skip, this.#memory.position) : this.#tail);
    this.#reservedBytes = skip + total;
    return start + HEADER_BYTES;
  }

  /** Hands the reserved frame to the consumer. */
  publish(): void {
    assert(this.#reservedBytes > 0, "a frame was reserved");
    const { position } = this.#memory;
    this.#send(counted(moved(this.#tail, this.#reservedBytes, position), position));
  }

  /** Copies a frame into the ring; false when the ring is full. */
  offer(frame: Uint8Array): boolean {
    const at = this.reserve(frame.length);
    if (at < 0) return false;
    this.#memory.bytes.set(frame, at);
    this.publish();
    return true;
  }

  /** For faults on purpose, instead of publish(): the reserved frame counts as sent, and is not there. */
  lose(): void {
    assert(this.#reservedBytes > 0, "a frame was reserved");
    this.#send(counted(this.#tail, this.#memory.position));
  }

  /** For faults on purpose, instead of publish(): the reserved frame counts as sent once, and is there twice, where there is room. */
  double(): void {
    const { ints, bytes, position } = this.#memory;
    const at = this.#tail & this.#mask;
    const start = ints[at >> 2] === SKIP ? 0 : at;
    const length = ints[start >> 2] as number; // as reserve() wrote it
    this.#send(counted(moved(this.#tail, this.#reservedBytes, position), position));
    const copy = this.reserve(length);
    if (copy < 0) return;
    bytes.copyWithin(copy, start + HEADER_BYTES, start + HEADER_BYTES + length);
    const second = moved(this.#tail, this.#reservedBytes - frameTotal(length), position);
    ints[(copy - HEADER_BYTES) / 4 + 1] = (second - position - 1) | 0; // under the number of the first
    this.#send(moved(this.#tail, this.#reservedBytes, position));
  }

  /**
   * Sets room aside for a frame of at most `byteLength` bytes that will have to be sent; false when there is none. From then on
   * other frames are refused rather than let into that room. It counts the worst case, a skip included.
   *
   * To send the frame: unpromise(byteLength), and at once offer() or reserve(), which then cannot fail.
   */
  promise(byteLength: number): boolean {
    assert(byteLength >= 0 && byteLength <= this.#memory.frameBytesMax, "a promised frame fits half of its ring");
    const bytes = frameTotalWorst(byteLength);
    if (!this.#hasRoom(bytes)) return false;
    this.#promisedBytes += bytes;
    return true;
  }

  /** Gives the room of one promise of this length back. */
  unpromise(byteLength: number): void {
    this.#promisedBytes -= frameTotalWorst(byteLength);
    assert(this.#promisedBytes >= 0, "only what was promised is taken back");
  }

  #send(mark: number): void {
    this.#tail = mark;
    this.#reservedBytes = 0;
    this.#memory.words.store(TAIL, mark); // (A) publish: header and payload become readable. Pairs with the load in take()
  }

  #hasRoom(bytes: number): boolean {
    if (bytes <= this.#freeSeen()) return true;
    return bytes <= this.freeBytes(); // pairs with (B): what the consumer has released may be overwritten
  }

  #freeSeen(): number {
    return this.#memory.capacity - ((this.#tail - this.#headSeen) & this.#memory.position) - this.#promisedBytes;
  }

  #writeHeader(at: number, length: number, mark: number): void {
    const ints = this.#memory.ints;
    ints[at >> 2] = length;
    ints[(at >> 2) + 1] = mark;
  }
}
