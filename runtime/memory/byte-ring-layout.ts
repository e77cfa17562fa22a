/**
 * Where the words of a byte ring lie, and the protocol of its two ends (ring-producer.ts, ring-consumer.ts).
 *
 *   byte 0         128        256         384
 *        ├─ TAIL ──┼─ HEAD ───┼─ ROLES ───┼─ frame ─┬─ frame ─┬ … ─────────────┬─ skip ─┤
 *    written by:  producer   consumer    each its own           producer
 *
 *   frame, on an 8-byte boundary:
 *        ├ length: i32 ┼ position: i32 ┼ payload: length bytes ┼ padding to 8 ┤
 *   skip: length = -1. The rest of the lap holds nothing; the next frame starts at byte 384.
 *
 * TAIL and HEAD count bytes since creation, skips included. They wrap at 2^32 and are compared by subtraction only. A frame's
 * `position` is the TAIL it was written at: a consumer that reads another one reads memory that somebody has scribbled on.
 *
 * Pairs (sequentially consistent):
 *   A  publish() stores TAIL   pairs with the load of TAIL in take(): the frame below it becomes readable
 *   B  take() stores HEAD      pairs with the load of HEAD in #hasRoom(): the bytes below it may be overwritten
 * Each side keeps the last value it read of the other's counter and looks again only when that says "full" or "empty", so an
 * offer or a take is usually one atomic access.
 *
 * Death. A frame exists from A and is gone from B, and either is one store, so there is nothing to mend: what a producer had not
 * published is overwritten by its successor, what a consumer had not finished copying is taken again by its successor.
 * repair() only lets a successor claim the end. Promises are private to the producer and end with it.
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
export const ringBytesMax = 2 ** 30;

/** Bytes that a frame takes in the ring, its header and padding included. */
export const frameTotal = (byteLength: number): number => (HEADER_BYTES + byteLength + FRAME_UNIT - 1) & -FRAME_UNIT;

/** The most a frame can take: had it fitted before the end, there would be no skip, so the skip is at least one unit shorter. */
export const frameTotalWorst = (byteLength: number): number => 2 * frameTotal(byteLength) - FRAME_UNIT;

/** A ring as its two ends see it. */
export interface RingMemory {
  readonly words: Words;
  readonly capacity: number;
  readonly frameBytesMax: number;
  /** The data, byte 384 of the region and on. */
  readonly bytes: Uint8Array;
  readonly ints: Int32Array;
}
