import { after } from "../observe/system-clock.js";
import { exitCodes } from "./exit-code.js";

/** What a terminal sends on Ctrl-C, and what a system sends to end a process. */
const signals = ["SIGINT", "SIGTERM"] as const;

/** How long the process may take to end after the first signal, in ms. */
const interruptGraceMs = 3_000;

/**
 * The first signal asks whoever listens to come to an end. A second one ends the process at once, and so does the first where nobody
 * listens, and the time when whoever was asked takes too long.
 */
export class Interruption {
  #isRaised = false;
  #ask: ((signal: string) => void) | undefined;
  #cancelGrace = (): void => {};

  readonly #raise = (signal: string): void => {
    if (this.#isRaised || this.#ask === undefined) process.exit(exitCodes.interrupted);
    this.#isRaised = true;
    this.#cancelGrace = after(interruptGraceMs, () => process.exit(exitCodes.interrupted));
    this.#ask(signal);
  };

  constructor() {
    for (const signal of signals) process.on(signal, this.#raise);
  }

  get isRaised(): boolean {
    return this.#isRaised;
  }

  /** @param ask comes to an end soon */
  listen(ask: (signal: string) => void): void {
    this.#ask = ask;
  }

  /** All has come to an end: the process may take its time to write what it has to say. */
  settle(): void {
    this.#cancelGrace();
  }

  /** From now on a signal ends the process as if nobody had ever listened: even one that is too busy to hear of it. */
  release(): void {
    for (const signal of signals) process.off(signal, this.#raise);
  }
}
