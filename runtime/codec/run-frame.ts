/**
 * What the index of a journal holds of a run: its entry, or how it ended.
 *
 *   byte 0      4         6      8        12       16
 *        ├ DFRN ┼ version ┼ kind ┼ length ┼ CRC-32 ┼ body … ┤
 *
 * - kind: 1, an entry; 2, an end
 * - length: bytes of the whole frame
 * - CRC-32: over the run's id, as what is whole may still be that of another run; then version, kind and length; then the body
 *
 * Numbers are little-endian. A reader refuses a version that it does not know; it never guesses.
 */
import { crc32 } from "node:zlib";
import { DataFlowerError } from "../../actors/kernel/errors.js";

const MAGIC = 0x4e524644; // "DFRN"
export const runFrameVersion = 1;
const HEADER_BYTES = 16;

const kinds = { entry: 1, end: 2 } as const;
export type RunFrameKind = keyof typeof kinds;

export function encodeRunFrame(kind: RunFrameKind, id: string, body: Uint8Array): Uint8Array {
  const frame = Buffer.alloc(HEADER_BYTES + body.length);
  frame.writeUInt32LE(MAGIC, 0);
  frame.writeUInt16LE(runFrameVersion, 4);
  frame.writeUInt16LE(kinds[kind], 6);
  frame.writeUInt32LE(frame.length, 8);
  frame.set(body, HEADER_BYTES);
  frame.writeUInt32LE(sumOf(id, frame), 12);
  return frame;
}

/** @returns the body, a window on the frame @throws DF_CHECKPOINT_VERSION, DF_CHECKPOINT_CORRUPT, with the run's id */
export function decodeRunFrame(kind: RunFrameKind, id: string, bytes: Uint8Array): Uint8Array {
  const frame = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (frame.length < HEADER_BYTES || frame.readUInt32LE(0) !== MAGIC) throw damagedRun(id, "something else");
  const version = frame.readUInt16LE(4);
  // A damaged version is no newer one: what it says counts only where the sum is right.
  const isWhole = frame.readUInt32LE(8) === frame.length && frame.readUInt32LE(12) === sumOf(id, frame);
  if (version > runFrameVersion && isWhole) {
    const message = `Cannot read run ${id} as this version knows format ${runFrameVersion} and older ones: found ${version}`;
    throw new DataFlowerError("DF_CHECKPOINT_VERSION", message, { runId: id });
  }
  if (!isWhole || version !== runFrameVersion || frame.readUInt16LE(6) !== kinds[kind]) throw damagedRun(id, "damaged bytes");
  return frame.subarray(HEADER_BYTES);
}

export function damagedRun(id: string, found: string, cause?: unknown): DataFlowerError {
  const message = `Cannot read run ${id} as the store must hold what was written: found ${found}`;
  return new DataFlowerError("DF_CHECKPOINT_CORRUPT", message, cause === undefined ? { runId: id } : { cause, runId: id });
}

const sumOf = (id: string, frame: Buffer): number => crc32(frame.subarray(HEADER_BYTES), crc32(frame.subarray(4, 12), crc32(id)));
