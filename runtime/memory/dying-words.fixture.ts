import type { Words } from "./words.js";

/** Thrown in place of a thread's end. No code of a structure may catch it. */
export class Died extends Error {}

/**
 * For tests: ends the thread at one of its atomic accesses by throwing `Died`.
 *
 * `when: "before"` ends it with the access not made (the plain writes in front of it were), `"after"` with the access made and
 * nothing behind it. Walking `access` from 1 until nothing dies any more visits every place where a thread can be terminated.
 */
export class DyingWords implements Words {
  readonly #inner: Words;
  readonly #when: "before" | "after";
  #accessesLeft: number;

  /** @param access number of the deadly access; 1 is the first */
  constructor(inner: Words, access: number, when: "before" | "after" = "before") {
    this.#inner = inner;
    this.#accessesLeft = access;
    this.#when = when;
  }

  load(index: number): number {
    return this.#access(() => this.#inner.load(index));
  }

  store(index: number, value: number): void {
    this.#access(() => this.#inner.store(index, value));
  }

  cas(index: number, expected: number, desired: number): boolean {
    return this.#access(() => this.#inner.cas(index, expected, desired));
  }

  add(index: number, delta: number): number {
    return this.#access(() => this.#inner.add(index, delta));
  }

  #access<T>(make: () => T): T {
    this.#accessesLeft -= 1;
    if (this.#accessesLeft <= 0 && this.#when === "before") throw new Died();
    const result = make();
    if (this.#accessesLeft <= 0) throw new Died();
    return result;
  }
}
