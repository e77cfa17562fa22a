/**
 * Where payloads too large for a ticket lie: one region for each thread, allocated by its owner only, freed by whoever read it.
 *
 * Layout, protocol and what a thread's death leaves behind: payload-arena-layout.ts.
 */

import { assert } from "../../actors/kernel/assert.js";
import { DataFlowerError } from "../../actors/kernel/errors.js";
import { alignUp, LINE_BYTES, wordsOfRegion } from "./alignment.js";
import { ArenaOwner } from "./arena-owner.js";
import {
  arenaBytesMax,
  BLOCK_BYTES_MIN,
  BLOCK_UNIT,
  checkSize,
  FIRST,
  FREE,
  HEADER_BYTES,
  LIVE,
  lengthAt,
  ROLE,
  sizeAt,
  stateAt,
  tagAt,
} from "./payload-arena-layout.js";
import { AtomicWords, type Words } from "./words.js";

const UNCLAIMED = 0;
const CLAIMED = 1;

export class PayloadArena {
  /** The whole region: a payload is `bytes` from its block's name on, `lengthOf(block)` long. */
  readonly bytes: Uint8Array;
  /** The whole region as Int32 words. */
  readonly ints: Int32Array;
  readonly #words: Words;
  readonly #end: number;

  /** Bytes of the region that an arena of this capacity needs. */
  static bytes(capacityBytes: number): number {
    assert(capacityBytes % BLOCK_UNIT === 0, "an arena is made of 16-byte units");
    assert(capacityBytes >= BLOCK_BYTES_MIN && capacityBytes <= arenaBytesMax, "an arena holds 32 bytes to 256 MiB");
    return alignUp(FIRST + capacityBytes, LINE_BYTES);
  }

  /** The longest payload that an arena of this capacity can hold, alone. */
  static payloadBytesMax(capacityBytes: number): number {
    return capacityBytes - HEADER_BYTES;
  }

  /** Views a region as an arena. Every thread makes its own view. */
  constructor(buffer: SharedArrayBuffer, byteOffset: number, capacityBytes: number, words?: Words) {
    const byteLength = PayloadArena.bytes(capacityBytes);
    this.ints = wordsOfRegion(buffer, byteOffset, byteLength);
    this.bytes = new Uint8Array(buffer, byteOffset, byteLength);
    this.#words = words ?? new AtomicWords(this.ints);
    this.#end = FIRST + capacityBytes;
  }

  /** The right to allocate. A second claim throws, in any thread, until repair(). */
  claimOwner(): ArenaOwner {
    assert(this.#words.cas(ROLE, UNCLAIMED, CLAIMED), "an arena is claimed once");
    return new ArenaOwner(
      this.#words,
      this.ints,
      this.#end,
      this.#walk(() => {}),
    );
  }

  /** Lets a successor claim the arena of an ended thread. Blocks stay as they are. */
  repair(): void {
    this.#words.store(ROLE, UNCLAIMED);
  }

  /** Bytes of a live block's payload. */
  lengthOf(block: number): number {
    return this.ints[lengthAt(this.#checked(block))] ?? 0;
  }

  /** Gives a block back, from any thread, once. Its bytes may change at any moment afterwards. */
  free(block: number): void {
    const at = this.#checked(block);
    assert(this.#words.cas(stateAt(at), LIVE, FREE), "a block is freed once"); // (B) pairs with the load in the owner's walk
  }

  /**
   * Frees the live blocks whose tag satisfies `isStale`; returns how many. For the owner's thread, or for anybody once that has
   * ended; and only for runs that no thread uses any more (run-table.ts), as a reader would free its block a second time.
   */
  sweep(isStale: (tag: number, block: number) => boolean): number {
    let count = 0;
    this.#walk((at) => {
      const block = at + HEADER_BYTES;
      if (this.#words.load(stateAt(at)) !== LIVE || !isStale(this.ints[tagAt(at)] ?? 0, block)) return;
      if (this.#words.cas(stateAt(at), LIVE, FREE)) count += 1;
    });
    return count;
  }

  /** Bytes of all live blocks, headers and padding included. Walks the heap: for the same callers as sweep(). */
  usedBytes(): number {
    let used = 0;
    this.#walk((at, size) => {
      if (this.#words.load(stateAt(at)) === LIVE) used += size;
    });
    return used;
  }

  /** Visits the blocks in order and returns where the rest starts. */
  #walk(visit: (at: number, size: number) => void): number {
    let at = FIRST;
    while (at < this.#end) {
      const size = this.#words.load(sizeAt(at));
      if (size === 0) break;
      checkSize(at, size, this.#end);
      visit(at, size);
      at += size;
    }
    return at;
  }

  /** A block's name comes from another thread, so it is data to be checked. Returns the offset of the block's header. */
  #checked(block: number): number {
    const at = block - HEADER_BYTES;
    if (at >= FIRST && at < this.#end && at % BLOCK_UNIT === 0) return at;
    throw new DataFlowerError("DF_RING_CORRUPT", `Cannot find a payload as its block must lie in the arena: found ${block}`);
  }
}
