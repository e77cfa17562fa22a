import type { Clock } from "../../actors/kernel/clock.js";
import type { Stopwatch } from "../../actors/ports.js";

/** What actors do takes no virtual time: every boundary is now. */
export class VirtualStopwatch implements Stopwatch {
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get boundary(): number {
    return this.#clock.nowMs();
  }

  lap(): number {
    return this.#clock.nowMs();
  }
}
