import { deadLettersKeptMax } from "./limits.js";

/** A message that reached nobody. */
export interface DeadLetter {
  readonly to: string;
  readonly message: unknown;
  readonly reason: "stopped" | "full";
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

  accept(to: string, message: unknown, reason: DeadLetter["reason"]): void {
    this.#count += 1;
    const letter: DeadLetter = { to, message, reason };
    this.#kept.push(letter);
    if (this.#kept.length > deadLettersKeptMax) this.#kept.shift();
    this.#listener?.(letter);
  }
}
