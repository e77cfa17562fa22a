/**
 * The one door to atomic operations: every atomic access to shared memory goes through a `Words`.
 *
 * Production uses AtomicWords. Tests hand in doubles that stop a thread, or let another one run, between any two accesses.
 * All operations are sequentially consistent. An index counts Int32 words from the start of the structure's own region, and
 * every value is an Int32: counters wrap at 2^32 and are compared by `(a - b) | 0` only.
 */
export interface Words {
  load(index: number): number;
  store(index: number, value: number): void;
  /** Replaces `expected` by `desired`; false when the word held something else. Both must be Int32 (`| 0`). */
  cas(index: number, expected: number, desired: number): boolean;
  /** Adds and returns the value before. */
  add(index: number, delta: number): number;
}

/** The only `Words` of production: call sites see one class, so the calls are inlined. */
export class AtomicWords implements Words {
  readonly #ints: Int32Array;

  constructor(ints: Int32Array) {
    this.#ints = ints;
  }

  load(index: number): number {
    return Atomics.load(this.#ints, index);
  }

  store(index: number, value: number): void {
    Atomics.store(this.#ints, index, value);
  }

  cas(index: number, expected: number, desired: number): boolean {
    return Atomics.compareExchange(this.#ints, index, expected, desired) === expected;
  }

  add(index: number, delta: number): number {
    return Atomics.add(this.#ints, index, delta);
  }
}
