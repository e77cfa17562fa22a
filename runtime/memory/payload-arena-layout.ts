/**
 * Where the words of a payload arena lie, and the protocol between its owner (arena-owner.ts) and everybody else (payload-arena.ts).
 *
 *   byte 0        128
 *        ├─ ROLE ─┼─ block ─┬─ block ─┬ … ─┬─ the rest, never used or given back ─┤
 *
 *   block, on a 16-byte boundary:
 *        ├ SIZE: i32 ┼ STATE: i32 ┼ LENGTH: i32 ┼ TAG: i32 ┼ payload: LENGTH bytes ┼ padding ┤
 *    written by: owner  owner: FREE → LIVE  owner       owner       owner
 *                       anyone: LIVE → FREE (CAS)
 *
 *   SIZE    bytes of the block with this header; 0 marks the rest, which reaches to the end
 *   LENGTH  exactly the payload: bytes of earlier payloads in the padding are never shown
 *   TAG     what sweep() goes by: the run slot
 *
 * A block is named by the byte offset of its payload in the region. Zeroed memory is one rest: a fresh region needs no set-up, and
 * its pages are committed as they are first used.
 *
 * Pairs (sequentially consistent):
 *   A  allocate() stores STATE = LIVE  after SIZE, LENGTH and TAG. The payload is published by what carries the block's name (ring, ticket)
 *   B  free()     CAS LIVE → FREE      pairs with the load of STATE in the owner's walk: the last read of the payload is over
 *
 * Death. The heap can be walked from byte 128 at every step: a block is cut in two by writing the header of its second part first,
 * inside what is still one free block, then its own SIZE; two free blocks become one by one store of SIZE. A LIVE block whose owner
 * ended before it sent the name is found by its tag.
 */

import { DataFlowerError } from "../../actors/kernel/errors.js";
import { LINE_BYTES } from "./alignment.js";

export const ROLE = 0;
export const FIRST = LINE_BYTES;
export const HEADER_BYTES = 16;
export const BLOCK_UNIT = 16;
export const BLOCK_BYTES_MIN = HEADER_BYTES + BLOCK_UNIT;

export const FREE = 0;
export const LIVE = 1;

export const arenaBytesMax = 2 ** 28;

// Word indices in the header of the block at byte offset `at`.
export const sizeAt = (at: number): number => at >> 2;
export const stateAt = (at: number): number => (at >> 2) + 1;
export const lengthAt = (at: number): number => (at >> 2) + 2;
export const tagAt = (at: number): number => (at >> 2) + 3;

/** Asserts what a block's SIZE must be, whoever walks the heap that ends at `end`. */
export function checkSize(at: number, size: number, end: number): void {
  if (size >= BLOCK_BYTES_MIN && size % BLOCK_UNIT === 0 && at + size <= end) return;
  throw new DataFlowerError("DF_RING_CORRUPT", `Cannot walk an arena as its blocks must fill it: found ${size} bytes at ${at}`);
}
