import { assert } from "../../actors/kernel/assert.js";
import { alignUp } from "./alignment.js";
import {
  BLOCK_BYTES_MIN,
  BLOCK_UNIT,
  checkSize,
  FIRST,
  FREE,
  HEADER_BYTES,
  LIVE,
  lengthAt,
  sizeAt,
  stateAt,
  tagAt,
} from "./payload-arena-layout.js";
import type { Words } from "./words.js";

const NONE = -1;

/** Blocks that an allocation looks at for one to use again, before it takes fresh bytes. */
export const walkBlocksMax = 8;

/**
 * The allocating end of a payload arena. Layout and protocol: payload-arena-layout.ts. For one thread.
 *
 * Next fit over the blocks in front of the rest. Only the owner writes sizes, so it reads them as plain words.
 */
export class ArenaOwner {
  readonly #words: Words;
  readonly #ints: Int32Array;
  readonly #end: number;
  #rest: number;
  #rover = FIRST;
  /** A full scan that found nothing is worth repeating only when the rover has been round the heap since. */
  #isScanWorthwhile = true;

  constructor(words: Words, ints: Int32Array, end: number, rest: number) {
    this.#words = words;
    this.#ints = ints;
    this.#end = end;
    this.#rest = rest;
  }

  /**
   * A block for a payload of `byteLength` bytes, or -1 when the arena has no room for it. Looks at `walkBlocksMax` blocks, then at
   * the rest, then once at all blocks. Right after such a scan was in vain another -1 may come although a block was freed.
   *
   * @param tag what sweep() will go by: the run slot
   */
  allocate(byteLength: number, tag = 0): number {
    assert(Number.isInteger(byteLength) && byteLength >= 0, "a payload's length is a whole number");
    const need = HEADER_BYTES + Math.max(alignUp(byteLength, BLOCK_UNIT), BLOCK_UNIT);
    const at = this.#find(need);
    if (at === NONE) return -1;
    this.#ints[lengthAt(at)] = byteLength;
    this.#ints[tagAt(at)] = tag;
    this.#words.store(stateAt(at), LIVE); // (A) from here on the block is known by its tag
    return at + HEADER_BYTES;
  }

  #find(need: number): number {
    let at = this.#walk(this.#rover, walkBlocksMax, need);
    if (at === NONE) at = this.#takeRest(need);
    if (at !== NONE || !this.#isScanWorthwhile) return at;
    at = this.#walk(FIRST, Number.POSITIVE_INFINITY, need);
    if (at === NONE) at = this.#takeRest(need); // the scan may have given blocks back to the rest
    this.#isScanWorthwhile = at !== NONE;
    return at;
  }

  /** Looks for a free block of `need` bytes from `from` to the rest, at `blocksMax` blocks at most. */
  #walk(from: number, blocksMax: number, need: number): number {
    let at = from;
    for (let seen = 0; seen < blocksMax && at < this.#rest; seen++) {
      const isFree = this.#words.load(stateAt(at)) === FREE; // pairs with (B)
      const size = isFree ? this.#merge(at, need) : this.#sizeOf(at);
      if (isFree && size >= need) return this.#cut(at, size, need);
      at += size;
    }
    this.#moveRover(at);
    return NONE;
  }

  /** Adds the free blocks that follow a free block until it has `need` bytes. One that reaches the rest joins it, and has size 0. */
  #merge(at: number, need: number): number {
    const before = this.#sizeOf(at);
    let size = before;
    while (size < need && at + size < this.#rest && this.#words.load(stateAt(at + size)) === FREE) size += this.#sizeOf(at + size);
    if (size < need && at + size === this.#rest) {
      this.#words.store(sizeAt(at), 0);
      this.#rest = at;
      return 0;
    }
    if (size !== before) this.#words.store(sizeAt(at), size);
    return size;
  }

  /** Leaves `need` bytes of a free block, and a free block behind it where one fits. */
  #cut(at: number, size: number, need: number): number {
    const isCut = size - need >= BLOCK_BYTES_MIN;
    if (isCut) this.#split(at, need, size - need);
    this.#moveRover(at + (isCut ? need : size));
    return at;
  }

  #takeRest(need: number): number {
    const at = this.#rest;
    const left = this.#end - at - need;
    if (left < 0) return NONE;
    if (left >= BLOCK_BYTES_MIN) {
      this.#split(at, need, 0);
      this.#rest = at + need;
    } else {
      this.#words.store(sizeAt(at), need + left);
      this.#rest = this.#end;
    }
    return at;
  }

  /** The second part's header first: until `at` has its size, that header is inside a free block, and nobody looks there. */
  #split(at: number, need: number, sizeOfSecond: number): void {
    this.#words.store(sizeAt(at + need), sizeOfSecond);
    this.#words.store(stateAt(at + need), FREE);
    this.#words.store(sizeAt(at), need);
  }

  #moveRover(at: number): void {
    this.#rover = at < this.#rest ? at : FIRST;
    if (at >= this.#rest) this.#isScanWorthwhile = true;
  }

  #sizeOf(at: number): number {
    const size = this.#ints[sizeAt(at)] ?? 0;
    checkSize(at, size, this.#end);
    return size;
  }
}
