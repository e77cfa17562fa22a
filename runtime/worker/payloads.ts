import type { ArenaOwner } from "../memory/arena-owner.js";
import type { PayloadArena } from "../memory/payload-arena.js";
import { handleOf, NOTHING, offsetOf, threadOf } from "./handle.js";

/** The payload arenas of all threads, as one of them uses them: it allocates in its own, and reads and frees in any. */
export class Payloads {
  readonly #thread: number;
  readonly #arenas: readonly PayloadArena[];
  readonly #own: ArenaOwner;
  #scratch = new Uint8Array(64 * 1024);

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

  /** A private copy of a block's bytes, valid until the next call: nothing is ever decoded from shared memory. */
  read(handle: number): Uint8Array {
    const arena = this.#arena(handle);
    const offset = offsetOf(handle);
    const length = arena.lengthOf(offset);
    if (length > this.#scratch.length) return arena.bytes.slice(offset, offset + length);
    this.#scratch.set(arena.bytes.subarray(offset, offset + length));
    return this.#scratch.subarray(0, length);
  }

  free(handle: number): void {
    this.#arena(handle).free(offsetOf(handle));
  }

  #arena(handle: number): PayloadArena {
    return this.#arenas[threadOf(handle)] as PayloadArena;
  }
}
