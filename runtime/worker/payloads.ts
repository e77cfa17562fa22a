import { decodeRange, decodeValue } from "../codec/value-codec.js";
import type { ArenaOwner } from "../memory/arena-owner.js";
import type { PayloadArena } from "../memory/payload-arena.js";
import { handleOf, NOTHING, offsetOf, threadOf } from "./handle.js";

const scratchBytes = 64 * 1024;
/** Up to here bytes are copied word by word, which is quicker than making the view that a block copy needs. */
const wordCopyBytesMax = 256;

/** The payload arenas of all threads, as one of them uses them: it allocates in its own, and reads and frees in any. */
export class Payloads {
  readonly #thread: number;
  readonly #arenas: readonly PayloadArena[];
  readonly #own: ArenaOwner;
  readonly #scratch = Buffer.alloc(scratchBytes);
  readonly #words = new Int32Array(this.#scratch.buffer, this.#scratch.byteOffset, scratchBytes / 4);

  constructor(thread: number, arenas: readonly PayloadArena[]) {
    this.#thread = thread;
    this.#arenas = arenas;
    this.#own = (arenas[thread] as PayloadArena).claimOwner();
  }

  /** Keeps bytes for the run in `slot`; NOTHING when this thread's arena has no room. */
  keep(bytes: Uint8Array, slot: number): number {
    const block = this.#own.allocate(bytes.length, slot);
    if (block < 0) return NOTHING;
    (this.#arenas[this.#thread] as PayloadArena).bytes.set(bytes, block);
    return handleOf(this.#thread, block);
  }

  /** A zeroed block of words for the run in `slot`; NOTHING when there is no room. */
  keepWords(count: number, slot: number): number {
    const block = this.#own.allocate(count * 4, slot);
    if (block < 0) return NOTHING;
    (this.#arenas[this.#thread] as PayloadArena).ints.fill(0, block >> 2, (block >> 2) + count);
    return handleOf(this.#thread, block);
  }

  /** The words of the arena that a handle names, and the position of its block among them. */
  ints(handle: number): Int32Array {
    return this.#arena(handle).ints;
  }

  /** Decodes a block, from a private copy: nothing is ever decoded from shared memory. */
  decode(handle: number): unknown {
    const arena = this.#arena(handle);
    const offset = offsetOf(handle);
    const length = arena.lengthOf(offset);
    if (length > scratchBytes) return decodeValue(arena.bytes.slice(offset, offset + length));
    if (length <= wordCopyBytesMax) copyWords(arena.ints, offset >> 2, this.#words, length);
    else this.#scratch.set(arena.bytes.subarray(offset, offset + length));
    return decodeRange(this.#scratch, 0, length);
  }

  /** Decodes bytes that stand at a word of some other shared region, from a private copy too. At most `scratchBytes`. */
  decodeWords(ints: Int32Array, word: number, length: number): unknown {
    copyWords(ints, word, this.#words, length);
    return decodeRange(this.#scratch, 0, length);
  }

  /** Bytes of a block. */
  lengthOf(handle: number): number {
    return this.#arena(handle).lengthOf(offsetOf(handle));
  }

  free(handle: number): void {
    this.#arena(handle).free(offsetOf(handle));
  }

  #arena(handle: number): PayloadArena {
    return this.#arenas[threadOf(handle)] as PayloadArena;
  }
}

function copyWords(from: Int32Array, first: number, to: Int32Array, byteLength: number): void {
  for (let word = (byteLength + 3) >> 2; word-- > 0; ) to[word] = from[first + word] as number;
}
