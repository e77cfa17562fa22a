import { Mailbox } from "../../actors/kernel/mailbox.js";
import type { EventLoop } from "../worker/event-loop.js";
import type { VirtualClock } from "./virtual-clock.js";

/** The event loop of all workers of a simulation: what follows from an event at once has run before the next event comes. */
export class VirtualEventLoop implements EventLoop {
  readonly #clock: VirtualClock;
  /** Both are bounded by the workers: each of them waits for one turn at most. */
  readonly #soon = new Mailbox<() => void>(Number.MAX_SAFE_INTEGER);
  readonly #turns = new Mailbox<() => void>(Number.MAX_SAFE_INTEGER);

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  nowMs(): number {
    return this.#clock.nowMs();
  }

  after(ms: number, run: () => void): () => void {
    return this.#clock.after(ms, run);
  }

  soon(run: () => void): void {
    this.#soon.offer(run);
  }

  nextTurn(run: () => void): void {
    this.#turns.offer(run);
  }

  /** Moves on to the next event; false when there is none. */
  step(): boolean {
    if (!this.#clock.step()) return false;
    this.#runSoon();
    for (let turn = this.#turns.take(); turn !== undefined; turn = this.#turns.take()) {
      turn();
      this.#runSoon();
    }
    return true;
  }

  #runSoon(): void {
    for (let run = this.#soon.take(); run !== undefined; run = this.#soon.take()) run();
  }
}
