import type { Words } from "./words.js";

/**
 * For tests: lets other threads run in front of one of a thread's atomic accesses, as if the thread had been preempted there.
 *
 * The interruption runs whole operations of other threads on the same memory. Walking `access` from 1 until `wasInterrupted`
 * stays false visits every schedule with one preemption, in one thread and with the real code.
 */
export class InterruptedWords implements Words {
  readonly #inner: Words;
  readonly #interruption: () => void;
  #accessesLeft: number;
  wasInterrupted = false;

  constructor(inner: Words, access: number, interruption: () => void) {
    this.#inner = inner;
    this.#accessesLeft = access;
    this.#interruption = interruption;
  }

  load(index: number): number {
    this.#pass();
    return this.#inner.load(index);
  }

  store(index: number, value: number): void {
    this.#pass();
    this.#inner.store(index, value);
  }

  cas(index: number, expected: number, desired: number): boolean {
    this.#pass();
    return this.#inner.cas(index, expected, desired);
  }

  add(index: number, delta: number): number {
    this.#pass();
    return this.#inner.add(index, delta);
  }

  #pass(): void {
    this.#accessesLeft -= 1;
    if (this.#accessesLeft !== 0) return;
    this.wasInterrupted = true;
    this.#interruption();
  }
}
