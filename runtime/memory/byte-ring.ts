/**
 * A single-producer single-consumer ring of byte frames between two threads: what is addressed to one thread goes through it.
 *
 * Layout, protocol and what a thread's death leaves behind: byte-ring-layout.ts.
 */

import { assert } from "../../actors/kernel/assert.js";
import { alignUp, isPowerOfTwo, LINE_BYTES, wordsOfRegion } from "./alignment.js";
import {
  CONSUMER_ROLE,
  DATA_BYTES_AT,
  FRAME_UNIT,
  HEAD,
  HEADER_BYTES,
  PRODUCER_ROLE,
  positionBits,
  type RingMemory,
  ringBytesMax,
  ringBytesMin,
  TAIL,
} from "./byte-ring-layout.js";
import { RingConsumer } from "./ring-consumer.js";
import { RingProducer } from "./ring-producer.js";
import { AtomicWords, type Words } from "./words.js";

const UNCLAIMED = 0;
const CLAIMED = 1;

export type RingEnd = "producer" | "consumer";

export class ByteRing {
  /** Where frames lie. reserve() answers with an offset in these bytes; it is a multiple of 8. */
  readonly bytes: Uint8Array;
  /** The same memory as Int32 words. */
  readonly ints: Int32Array;
  /** The longest frame: an empty ring has room for it, wherever the lap stands. */
  readonly frameBytesMax: number;
  readonly #words: Words;
  readonly #memory: RingMemory;

  /** Bytes of the region that a ring of this capacity needs. */
  static bytes(capacityBytes: number): number {
    assert(isPowerOfTwo(capacityBytes), "a ring's capacity is a power of two");
    assert(capacityBytes >= ringBytesMin && capacityBytes <= ringBytesMax, "a ring holds 64 bytes to 16 MiB");
    return alignUp(DATA_BYTES_AT + capacityBytes, LINE_BYTES);
  }

  /** Views a region as a ring. Zeroed memory is an empty ring; each of the two threads makes its own view. */
  constructor(buffer: SharedArrayBuffer, byteOffset: number, capacityBytes: number, words?: Words) {
    const control = wordsOfRegion(buffer, byteOffset, ByteRing.bytes(capacityBytes));
    this.#words = words ?? new AtomicWords(control);
    this.bytes = new Uint8Array(buffer, byteOffset + DATA_BYTES_AT, capacityBytes);
    this.ints = new Int32Array(buffer, byteOffset + DATA_BYTES_AT, capacityBytes / 4);
    this.frameBytesMax = capacityBytes / 2 - HEADER_BYTES;
    this.#memory = {
      words: this.#words,
      capacity: capacityBytes,
      position: positionBits(capacityBytes),
      frameBytesMax: this.frameBytesMax,
      bytes: this.bytes,
      ints: this.ints,
    };
  }

  /** The right to write. A second claim throws, in any thread, until repair("producer"). */
  claimProducer(): RingProducer {
    assert(this.#words.cas(PRODUCER_ROLE, UNCLAIMED, CLAIMED), "the producer end of a ring is claimed once");
    return new RingProducer(this.#memory);
  }

  /** The right to read. A second claim throws, in any thread, until repair("consumer"). */
  claimConsumer(): RingConsumer {
    assert(this.#words.cas(CONSUMER_ROLE, UNCLAIMED, CLAIMED), "the consumer end of a ring is claimed once");
    return new RingConsumer(this.#memory);
  }

  /**
   * Lets another thread claim the end that an ended thread had. The frames in the ring stay, unless it was the reading end: they were
   * addressed to the ended thread, and it may have ended because of them. The other end may be in use meanwhile.
   */
  repair(end: RingEnd): void {
    if (end === "consumer") this.#words.store(HEAD, this.#words.load(TAIL)); // releases as (B) does
    this.#words.store(end === "producer" ? PRODUCER_ROLE : CONSUMER_ROLE, UNCLAIMED);
  }

  /** Empties the ring, frees both ends and starts the counters at `mark`, a multiple of 8. Nobody may use it meanwhile. */
  reset(mark = 0): void {
    assert(mark % FRAME_UNIT === 0, "frames start on an 8-byte boundary");
    this.#words.store(TAIL, mark | 0);
    this.repair("producer");
    this.repair("consumer");
  }
}
