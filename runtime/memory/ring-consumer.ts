import { DataFlowerError } from "../../actors/kernel/errors.js";
import { alignUp } from "./alignment.js";
import { counted, FRAME_UNIT, frameTotal, HEAD, HEADER_BYTES, moved, type RingMemory, SKIP, TAIL } from "./byte-ring-layout.js";

/** Up to here a frame is copied out word by word, which is quicker than making the view that a block copy needs. */
const wordCopyBytesMax = 96;
/** Views of the scratch buffer up to this length are kept and given out again. */
const keptViewBytesMax = 1024;

/**
 * The reading end of a byte ring. Layout and protocol: byte-ring-layout.ts. For one thread.
 *
 * It owns a private buffer, into which take() copies: a decoder must never see shared memory.
 */
export class RingConsumer {
  readonly #memory: RingMemory;
  readonly #mask: number;
  readonly #scratch: Uint8Array;
  readonly #scratchInts: Int32Array;
  readonly #views: (Uint8Array | undefined)[] = [];
  /** The mark of the frame to take next. */
  #head: number;
  /** TAIL as last read: the real one may be further, never behind. */
  #tailSeen: number;

  constructor(memory: RingMemory) {
    this.#memory = memory;
    this.#mask = memory.capacity - 1;
    this.#scratch = new Uint8Array(alignUp(memory.frameBytesMax, FRAME_UNIT));
    this.#scratchInts = new Int32Array(this.#scratch.buffer);
    this.#head = memory.words.load(HEAD);
    this.#tailSeen = memory.words.load(TAIL);
  }

  /**
   * The oldest frame, or undefined when the ring is empty. The answer is a view of a private buffer, with an 8-byte aligned start;
   * it is valid until the next take().
   *
   * @throws DF_RING_CORRUPT when a frame is missing, is there twice or is not what was sent; the ring is of no use until the repair of
   *   this end
   */
  take(): Uint8Array | undefined {
    if (this.#head === this.#tailSeen) {
      this.#tailSeen = this.#memory.words.load(TAIL); // pairs with (A)
      if (this.#head === this.#tailSeen) return undefined;
    }
    this.#passSkip();
    const at = this.#head & this.#mask;
    const length = this.#lengthAt(at);
    this.#copyOut(at + HEADER_BYTES, length);
    const { position } = this.#memory;
    this.#head = counted(moved(this.#head, frameTotal(length), position), position);
    this.#memory.words.store(HEAD, this.#head); // (B) release: the frame may be overwritten. Pairs with the load in #hasRoom()
    return this.#view(length);
  }

  /** A skip and the frame behind it were published by one store, so the frame is there. */
  #passSkip(): void {
    const at = this.#head & this.#mask;
    if (this.#memory.ints[at >> 2] !== SKIP) return;
    this.#head = moved(this.#head, this.#memory.capacity - at, this.#memory.position);
  }

  /** The producer has asserted the same claims from its side. A frame that was sent and is not there leaves nothing published. */
  #lengthAt(at: number): number {
    const { ints, frameBytesMax, capacity, position } = this.#memory;
    const length = ints[at >> 2] ?? SKIP;
    const published = (this.#tailSeen - this.#head) & position;
    const isRight =
      length >= 0 &&
      length <= frameBytesMax &&
      frameTotal(length) <= published &&
      published <= capacity &&
      at + frameTotal(length) <= capacity &&
      ints[(at >> 2) + 1] === this.#head;
    if (isRight) return length;
    const found = `found length ${length} and mark ${ints[(at >> 2) + 1]} at mark ${this.#head} of ${this.#tailSeen}`;
    throw new DataFlowerError("DF_RING_CORRUPT", `Cannot read a frame as each that is sent must be there, once, and as it was: ${found}`);
  }

  #copyOut(from: number, length: number): void {
    if (length > wordCopyBytesMax) {
      this.#scratch.set(this.#memory.bytes.subarray(from, from + length));
      return;
    }
    const ints = this.#memory.ints;
    const scratch = this.#scratchInts;
    const first = from >> 2;
    for (let word = (length + 3) >> 2; word-- > 0; ) scratch[word] = ints[first + word] ?? 0;
  }

  #view(length: number): Uint8Array {
    if (length > keptViewBytesMax) return this.#scratch.subarray(0, length);
    const known = this.#views[length];
    if (known !== undefined) return known;
    const view = this.#scratch.subarray(0, length);
    this.#views[length] = view;
    return view;
  }
}
