/**
 * Where the words of a byte ring lie, and the protocol of its two ends (ring-producer.ts, ring-consumer.ts).
 *
 *   byte 0         128        256         384
 *        ├─ TAIL ──┼─ HEAD ───┼─ ROLES ───┼─ frame ─┬─ frame ─┬ … ─────────────┬─ skip ─┤
 *    written by:  producer   consumer    each its own           producer
 *
 *   frame, on an 8-byte boundary:
 *        ├ length: i32 ┼ mark: i32 ┼ payload: length bytes ┼ padding to 8 ┤
 *   skip: length = -1. The rest of the lap holds nothing; the next frame starts at byte 384.
 *   mark, a word:
 *        ├ number: frames so far ┼ position: bytes so far, skips included, modulo two laps ┤
 *                                  the lower 1 + log2(capacity) bits
 *
 * TAIL is the mark behind the last frame sent, HEAD the one behind the last frame taken. Both parts wrap; they are compared for equality,
 * and positions by subtraction modulo two laps, so that a full ring is told from an empty one.
 *
 * A frame carries the mark that it was written at, which is the HEAD at which it has to be taken. So a consumer notices what cannot be:
 * a frame that is missing (the next one has a later number; or there is none, and TAIL has one all the same), a frame that is there twice
 * (the number of the second one is behind), memory that somebody has scribbled on. All this costs no access: position and number are one
 * word. In a ring of 256 KiB, what goes unnoticed is a multiple of 8,192 frames lost in a row.
 *
 * Pairs (sequentially consistent):
 *   A  publish() stores TAIL   pairs with the load of TAIL in take(): the frame below it becomes readable
 *   B  take() stores HEAD      pairs with the load of HEAD in #hasRoom(): the bytes below it may be overwritten
 * Each side keeps the last value it read of the other's counter and looks again only when that says "full" or "empty", so an
 * offer or a take is usually one atomic access.
 *
 * Death. A frame exists from A and is gone from B, and either is one store, so there is nothing to mend: what a producer had not
 * published is overwritten by its successor, and what a consumer had not taken is still there.
 * Nor is either part of a mark ever ahead of the other. Promises are private to the producer and end with it.
 *
 * A thread that finds a ring broken ends, or ends the one that writes it; a successor must not find the same again, nor does anybody want
 * what was addressed to an ended thread. So repair() of the reading end takes HEAD to where TAIL is.
 */

import { LINE_BYTES, LINE_WORDS } from "./alignment.js";
import type { Words } from "./words.js";

export const TAIL = 0;
export const HEAD = LINE_WORDS;
export const PRODUCER_ROLE = 2 * LINE_WORDS;
export const CONSUMER_ROLE = PRODUCER_ROLE + 1;
export const DATA_BYTES_AT = 3 * LINE_BYTES;

export const FRAME_UNIT = 8;
export const HEADER_BYTES = 8;
/** The length that says "nothing more in this lap". */
export const SKIP = -1;

export const ringBytesMin = 64;
/** Leaves 7 bits for the number of a frame. */
export const ringBytesMax = 2 ** 24;

/** Bytes that a frame takes in the ring, its header and padding included. */
export const frameTotal = (byteLength: number): number => (HEADER_BYTES + byteLength + FRAME_UNIT - 1) & -FRAME_UNIT;

/** The most a frame can take: had it fitted before the end, there would be no skip, so the skip is at least one unit shorter. */
export const frameTotalWorst = (byteLength: number): number => 2 * frameTotal(byteLength) - FRAME_UNIT;

/** The bits of a mark that are its position. */
export const positionBits = (capacityBytes: number): number => 2 * capacityBytes - 1;

/** The mark so many bytes further, with the same number. */
export const moved = (mark: number, bytes: number, position: number): number => (mark & ~position) | ((mark + bytes) & position);

/** The mark at the same position, one frame later. */
export const counted = (mark: number, position: number): number => (mark + position + 1) | 0;

/** A ring as its two ends see it. */
export interface RingMemory {
  readonly words: Words;
  readonly capacity: number;
  /** positionBits() of the capacity. */
  readonly position: number;
  readonly frameBytesMax: number;
  /** The data, byte 384 of the region and on. */
  readonly bytes: Uint8Array;
  readonly ints: Int32Array;
}
