/**
 * A frame of the pipe between a worker and a process of its own.
 *
 *   byte 0      4         6       8             12              16       20
 *        ├ DFPF ┼ version ┼ spare ┼ head length ┼ payload length ┼ CRC-32 ┼ head … ┼ payload … ┤
 *
 * - head: a message, as msgpack
 * - payload: what the message is about, encoded already; may be empty
 * - CRC-32: over head and payload
 *
 * Numbers are little-endian. What comes out of a pipe may be anything: task code can write there.
 */
import { crc32 } from "node:zlib";
import { DataFlowerError } from "../../actors/kernel/errors.js";
import { decodeValue, encodeTrusted } from "./value-codec.js";

const MAGIC = 0x46504644; // "DFPF"
export const pipeVersion = 1;
export const pipeHeaderBytes = 20;

export interface PipeFrame {
  /** Whatever the other side has sent: it is data, and nothing else is known of it. */
  readonly head: unknown;
  /** A window on a buffer that nobody else has. */
  readonly payload: Uint8Array;
}

const nothing = new Uint8Array();

/** A frame as the two parts that are written one after the other: the payload is not copied. @param head data */
export function encodePipeFrame(head: unknown, payload: Uint8Array = nothing): readonly [Uint8Array, Uint8Array] {
  const body = encodeTrusted(head);
  const start = Buffer.alloc(pipeHeaderBytes + body.length);
  start.writeUInt32LE(MAGIC, 0);
  start.writeUInt16LE(pipeVersion, 4);
  start.writeUInt32LE(body.length, 8);
  start.writeUInt32LE(payload.length, 12);
  start.writeUInt32LE(crc32(payload, crc32(body)), 16);
  start.set(body, pipeHeaderBytes);
  return [start, payload];
}

/** Puts frames together from whatever pieces a pipe gives. One that has thrown is of no use any more. */
export class PipeFrameReader {
  readonly #bytesMax: number;
  readonly #chunks: Buffer[] = [];
  /** Bytes that have come and belong to no whole frame yet. */
  #held = 0;
  /** Bytes of the frame that has begun, its header included; 0: its header is not whole. */
  #awaited = 0;

  /** @param bytesMax largest frame, its header included */
  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /** Whether a frame has begun and is not whole. */
  get isWithin(): boolean {
    return this.#held > 0;
  }

  /**
   * Takes in what has come next. @returns the frames that are whole now
   *
   * @throws DF_FRAME_CORRUPT when it is no frame of this version, damaged, or too large
   */
  push(chunk: Uint8Array): PipeFrame[] {
    const frames: PipeFrame[] = [];
    this.#chunks.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
    this.#held += chunk.length;
    for (;;) {
      if (this.#awaited === 0) {
        if (this.#held < pipeHeaderBytes) return frames;
        this.#awaited = this.#lengthOf(this.#joined());
      }
      if (this.#held < this.#awaited) return frames;
      const bytes = this.#joined();
      frames.push(frameOf(bytes.subarray(0, this.#awaited)));
      this.#keep(bytes.subarray(this.#awaited));
    }
  }

  #lengthOf(header: Buffer): number {
    if (header.readUInt32LE(0) !== MAGIC || header.readUInt16LE(4) !== pipeVersion || header.readUInt16LE(6) !== 0) {
      throw corrupt("something else");
    }
    const length = pipeHeaderBytes + header.readUInt32LE(8) + header.readUInt32LE(12);
    if (length > this.#bytesMax) throw corrupt(`one of ${length} bytes, where ${this.#bytesMax} are the most`);
    return length;
  }

  #joined(): Buffer {
    if (this.#chunks.length > 1) this.#chunks.splice(0, this.#chunks.length, Buffer.concat(this.#chunks));
    return this.#chunks[0] as Buffer; // asked for only when something is held
  }

  #keep(rest: Buffer): void {
    this.#awaited = 0;
    this.#held = rest.length;
    this.#chunks.splice(0, this.#chunks.length, rest);
  }
}

function frameOf(bytes: Buffer): PipeFrame {
  if (bytes.readUInt32LE(16) !== crc32(bytes.subarray(pipeHeaderBytes))) throw corrupt("a damaged one");
  const headEnd = pipeHeaderBytes + bytes.readUInt32LE(8);
  return { head: decodeValue(bytes.subarray(pipeHeaderBytes, headEnd)), payload: bytes.subarray(headEnd) };
}

function corrupt(found: string): DataFlowerError {
  return new DataFlowerError("DF_FRAME_CORRUPT", `Cannot read from a process as it must send whole frames: found ${found}`);
}
