/**
 * A record of a journal: what one group commit writes.
 *
 *   byte 0      4         6       8        12       16          20      24
 *        ├ DFJR ┼ version ┼ flags ┼ length ┼ CRC-32 ┼ next run ┼ place ┼ events … ┤
 *
 * - length: bytes of the whole record
 * - CRC-32: over version, flags and length, then everything behind it
 * - next run: number that the next accepted run gets; grows, so that no number is given twice even when the events are cut
 * - place: the lower 32 bits of its position, as a record that is whole may still be another one than was asked for
 * - flags: 0
 *
 * Numbers are little-endian. A reader refuses a version that it does not know; it never guesses.
 */
import { crc32 } from "node:zlib";
import { DataFlowerError } from "../../actors/kernel/errors.js";

const MAGIC = 0x524a4644; // "DFJR"
export const recordVersion = 1;
const HEADER_BYTES = 24;
const CHECKED_FROM = 16;

export interface JournalRecord {
  readonly nextRun: number;
  /** A window on the record. */
  readonly events: Uint8Array;
}

export function encodeRecord(position: number, nextRun: number, parts: readonly Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, HEADER_BYTES);
  const record = Buffer.alloc(length);
  record.writeUInt32LE(MAGIC, 0);
  record.writeUInt16LE(recordVersion, 4);
  record.writeUInt32LE(length, 8);
  record.writeUInt32LE(nextRun, 16);
  record.writeUInt32LE(position >>> 0, 20);
  let at = HEADER_BYTES;
  for (const part of parts) {
    record.set(part, at);
    at += part.length;
  }
  record.writeUInt32LE(sumOf(record), 12);
  return record;
}

/** @throws DF_CHECKPOINT_VERSION, DF_CHECKPOINT_CORRUPT */
export function decodeRecord(bytes: Uint8Array, position: number): JournalRecord {
  const record = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (record.length < HEADER_BYTES || record.readUInt32LE(0) !== MAGIC) throw corrupt(position, "something else");
  const version = record.readUInt16LE(4);
  // A damaged version is no newer one: what it says counts only where the sum is right.
  const isWhole = record.readUInt32LE(8) === record.length && record.readUInt32LE(12) === sumOf(record);
  if (version > recordVersion && isWhole) {
    const message = `Cannot read record ${position} of the journal as this version knows format ${recordVersion} and older ones: found ${version}`;
    throw new DataFlowerError("DF_CHECKPOINT_VERSION", message);
  }
  if (!isWhole || version !== recordVersion || record.readUInt16LE(6) !== 0) throw corrupt(position, "damaged bytes");
  if (record.readUInt32LE(20) !== position >>> 0) throw corrupt(position, `record ${record.readUInt32LE(20)}`);
  return { nextRun: record.readUInt32LE(16), events: record.subarray(HEADER_BYTES) };
}

const sumOf = (record: Buffer): number => crc32(record.subarray(CHECKED_FROM), crc32(record.subarray(4, 12)));

function corrupt(position: number, found: string): DataFlowerError {
  return new DataFlowerError(
    "DF_CHECKPOINT_CORRUPT",
    `Cannot read record ${position} of the journal as it must be what was written: found ${found}`,
  );
}
