/**
 * Values to msgpack and back. The codec accepts, refuses and returns exactly what `copyValue` does (actors/kernel/value.ts), so it
 * makes no difference to a program whether a value crossed a thread.
 *
 * Any thread may call it; each has its own. It never reads shared memory in place: bytes that lie there are copied before they are
 * decoded, as msgpackr is fifty times slower on them and they may change while it reads.
 */

import { Packr } from "msgpackr";
import { DataFlowerError } from "../../actors/kernel/errors.js";
import { checkValue } from "../../actors/kernel/value.js";
import { describe } from "../../actors/kernel/value-refusal.js";
import { needsWireForm, toWireForm } from "./wire-form.js";

/** Frames above this size own their memory; smaller ones share pages of {@link poolBytes}. */
const pooledFrameBytesMax = 64 * 1024;
const poolBytes = 8 * 1024;

const packr = new Packr({
  useRecords: false, // a record can be read only by who saw the first one of its shape
  moreTypes: true, // without it typed arrays come back wrong and carry bytes of earlier frames
  copyBuffers: true, // without it decoded bytes are a window on the frame
  structuredClone: false, // refuses pointers, with which a damaged frame could build cycles
  useToJSON: false, // a field may be called toJSON
  variableMapSize: true, // without it an object has at most 65,535 fields
});

/**
 * The bytes of a value.
 *
 * They are never overwritten. Up to 64 KiB they are a window on a page shared with other frames: copy them, never transfer or post
 * them as they are. Larger ones are all of their own ArrayBuffer and may be transferred.
 *
 * @throws DF_UNSERIALIZABLE with the path of the first part that is not data
 */
export function encodeValue(value: unknown): Uint8Array {
  checkValue(value);
  return encodeTrusted(value);
}

/** The bytes of a value that is known to be data: one that copyValue() or decodeValue() returned. As {@link encodeValue} otherwise. */
export function encodeTrusted(value: unknown): Uint8Array {
  const bytes = packr.pack(needsWireForm(value) ? toWireForm(value) : value);
  return bytes.length <= pooledFrameBytesMax ? bytes : released(bytes);
}

/** A large frame moved to memory of its own size, and msgpackr's pool made small again: it would keep the large one alive. */
function released(bytes: Uint8Array): Uint8Array {
  const own = Buffer.from(new Uint8Array(bytes).buffer);
  packr.useBuffer(Buffer.allocUnsafeSlow(poolBytes));
  return own;
}

/**
 * The value that bytes stand for. It shares no memory with them.
 *
 * @throws DF_FRAME_CORRUPT when the bytes are not exactly one value
 */
export function decodeValue(bytes: Uint8Array): unknown {
  try {
    const value: unknown = packr.unpack(privateBuffer(bytes));
    checkValue(value); // damaged bytes can make things that no encoder writes, such as invalid dates
    return value;
  } catch (thrown) {
    throw new DataFlowerError("DF_FRAME_CORRUPT", `Cannot decode ${bytes.length} bytes as they must be one value: found ${damage(thrown)}`);
  }
}

/** Given to msgpackr for every range; it reads the two numbers at once and keeps nothing. */
const range = { start: 0, end: 0 };

/**
 * As {@link decodeValue}, for a value that lies within a larger private buffer: a scratch buffer is viewed once, not once a value.
 *
 * @param start of the value's first byte @param end behind its last byte
 * @throws DF_FRAME_CORRUPT when the bytes of the range are not exactly one value
 */
export function decodeRange(scratch: Buffer, start: number, end: number): unknown {
  if (end <= start) return decodeValue(new Uint8Array());
  try {
    range.start = start;
    range.end = end;
    const value: unknown = packr.unpack(scratch, range);
    checkValue(value);
    return value;
  } catch (thrown) {
    throw new DataFlowerError("DF_FRAME_CORRUPT", `Cannot decode ${end - start} bytes as they must be one value: found ${damage(thrown)}`);
  }
}

/** What is wrong with the bytes, without quoting them: msgpackr's message on bytes left over shows what it has read. */
function damage(thrown: unknown): string {
  const words = describe(thrown);
  return words.includes("end of buffer not reached") ? "bytes after the value's end" : words;
}

/** The same bytes as a Buffer (msgpackr makes what it cuts out of its source's class) that no other thread can write. */
function privateBuffer(bytes: Uint8Array): Buffer {
  if (bytes.buffer instanceof SharedArrayBuffer) return Buffer.from(bytes);
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
