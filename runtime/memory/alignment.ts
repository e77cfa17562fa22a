/** Sizes that every region is built of. Words are Int32, so a byte offset is a word index times 4. */

import { assert } from "../../actors/kernel/assert.js";

/** Two 64-byte cache lines: the prefetcher fetches them in pairs, so words closer than this are shared falsely. */
export const LINE_BYTES = 128;
export const LINE_WORDS = LINE_BYTES / 4;

/** The least multiple of `unit` (a power of two) that is not below `size`. Right above 2^31 as well, where bit operators are not. */
export function alignUp(size: number, unit: number): number {
  return Math.ceil(size / unit) * unit;
}

export function isPowerOfTwo(value: number): boolean {
  return Number.isInteger(value) && value > 0 && 2 ** Math.round(Math.log2(value)) === value;
}

/** A region's Int32 words; asserts what every structure relies on. */
export function wordsOfRegion(buffer: SharedArrayBuffer, byteOffset: number, byteLength: number): Int32Array {
  assert(byteOffset % 16 === 0, "a region starts on a 16-byte boundary");
  assert(byteOffset + byteLength <= buffer.byteLength, "a region lies inside its buffer");
  return new Int32Array(buffer, byteOffset, byteLength / 4);
}
