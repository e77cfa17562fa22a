import { exitCodes } from "./exit-code.js";

/** What a terminal sends on Ctrl-C, and what a system sends to end a process. */
const signals = ["SIGINT", "SIGTERM"] as const;

/** The first signal asks whoever listens to come to an end; the second one, or the first where nobody listens, ends the process. */
export class Interruption {
  #isRaised = false;
  #ask: (() => void) | undefined;

  constructor() {
    for (const signal of signals) process.on(signal, () => this.#raise());
  }

  get isRaised(): boolean {
    return this.#isRaised;
  }

  /** @param ask comes to an end soon */
  listen(ask: () => void): void {
    this.#ask = ask;
  }

  #raise(): void {
    if (this.#isRaised || this.#ask === undefined) process.exit(exitCodes.interrupted);
    this.#isRaised = true;
    this.#ask();
  }
}
