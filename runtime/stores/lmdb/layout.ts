/**
 * What lies where in the one database of an LMDB folder. Keys are bytes, in the order of their bytes; names and ids hold no zero byte, so
 * that none of them can end another's range.
 *
 *     "f"                               version of this layout, as text
 *     "h" NAME                          head of a journal: CRC-32 in 8 hexadecimal digits, over NAME and what follows: fence,
 *                                       whether it is owned, first and next position, as JSON
 *     "l" NAME 0 position (8 bytes)     a record; positions have their highest byte first
 *     "r" NAME 0 ID                     entry of a run
 *     "e" NAME 0 ID                     how the run ended
 *
 *         f | h:a  h:b | l:a:1  l:a:2 … | e, r likewise
 *
 * Every commit reads the version and the head and writes the head, its record and its entries, in one transaction.
 */
import { crc32 } from "node:zlib";
import { DataFlowerError } from "../../../actors/kernel/errors.js";

export const formatVersion = 1;

export const formatKey = Buffer.from("f");
/** All heads lie from here to the next. */
export const headsStart = Buffer.from("h");
export const headsEnd = Buffer.from("i");

export const headKey = (name: string): Buffer => Buffer.from(`h${name}`);
export const nameOf = (headKeyBytes: Uint8Array): string => Buffer.from(headKeyBytes).toString("latin1", 1);

export function recordKey(name: string, position: number): Buffer {
  const key = Buffer.from(`l${name}\0\0\0\0\0\0\0\0\0`);
  key.writeBigUInt64BE(BigInt(position), key.length - 8);
  return key;
}

export const entryKey = (name: string, id: string): Buffer => Buffer.from(`r${name}\0${id}`);
export const endKey = (name: string, id: string): Buffer => Buffer.from(`e${name}\0${id}`);

/** The entries behind an id, or all of them. */
export function entriesBehind(name: string, after: string | undefined): { start: Buffer; end: Buffer } {
  // No id holds a zero byte: the key of `after` with one is the first that can come behind it.
  const start = after === undefined ? Buffer.from(`r${name}\0`) : Buffer.from(`r${name}\0${after}\0`);
  return { start, end: Buffer.from(`r${name}\u0001`) };
}

export const idOf = (name: string, entryKeyBytes: Uint8Array): string => Buffer.from(entryKeyBytes).toString("latin1", name.length + 2);

export interface Head {
  readonly fence: number;
  readonly isOwned: boolean;
  readonly first: number;
  readonly next: number;
}

export const newHead: Head = { fence: 0, isOwned: false, first: 1, next: 1 };

export function headBytes(name: string, head: Head): Buffer {
  const text = JSON.stringify(head);
  return Buffer.from(`${sumOf(name, text)}${text}`);
}

/** A digit that has changed would make another head, and commits be lost or written over. */
const sumOf = (name: string, text: string): string => crc32(text, crc32(name)).toString(16).padStart(sumDigits, "0");
const sumDigits = 8;

/** @throws DF_CHECKPOINT_CORRUPT for what is no head */
export function headOf(name: string, bytes: Uint8Array): Head {
  const head = parsed(name, bytes);
  if (head === undefined) {
    throw new DataFlowerError(
      "DF_CHECKPOINT_CORRUPT",
      `Cannot read the journal ${name} as its head is damaged: found ${bytes.length} bytes`,
    );
  }
  return head;
}

function parsed(name: string, bytes: Uint8Array): Head | undefined {
  try {
    const text = Buffer.from(bytes).toString("latin1");
    const json = text.slice(sumDigits);
    if (text.slice(0, sumDigits) !== sumOf(name, json)) return undefined;
    const { fence, isOwned, first, next } = JSON.parse(json) as Partial<Record<keyof Head, unknown>>;
    if (!isCount(fence) || typeof isOwned !== "boolean" || !isCount(first) || !isCount(next)) return undefined;
    return first <= next ? { fence, isOwned, first, next } : undefined;
  } catch {
    return undefined;
  }
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 1;
