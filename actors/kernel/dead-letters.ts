import { deadLettersKeptMax } from "./limits.js";

/**
 * Why a message reached nobody: its actor had stopped; there was no room for it; a newer one took its place in a mailbox that keeps the
 * newest; the thread of its actor had ended.
 */
export type DeadLetterReason = "stopped" | "full" | "dropped" | "lost";

/** A message that reached nobody. */
export interface DeadLetter {
  /** Name of the actor. */
  readonly to: string;
  readonly message: unknown;
  readonly reason: DeadLetterReason;
}

/** Where messages go that could not be delivered: every one is counted, the newest are kept, a listener hears of each. */
export class DeadLetters {
  #count = 0;
  readonly #kept: DeadLetter[] = [];
  #listener: ((letter: DeadLetter) => void) | undefined;

  /** How many there have been. */
  get count(): number {
    return this.#count;
  }

  /** The newest ones, oldest first, at most `deadLettersKeptMax`. */
  get kept(): readonly DeadLetter[] {
    return this.#kept;
  }

  /** Sets the one listener; undefined removes it. */
  listen(listener: ((letter: DeadLetter) => void) | undefined): void {
    this.#listener = listener;
  }

  accept(to: string, message: unknown, reason: DeadLetterReason): void {
    this.#count += 1;
    const letter: DeadLetter = { to, message, reason };
    this.#kept.push(letter);
    if (this.#kept.length > deadLettersKeptMax) this.#kept.shift();
    this.#listener?.(letter);
  }
}
