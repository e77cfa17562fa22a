/** Time comes in through this port: actors never read a clock of their own. */
export interface Clock {
  /** Milliseconds since an arbitrary origin, monotonic, the same origin on every thread of an engine. May have a fraction. */
  nowMs(): number;
  /** Calls `run` once, not before `ms` have passed. The answer cancels it. */
  after(ms: number, run: () => void): () => void;
}

interface Timer {
  readonly atMs: number;
  readonly run: () => void;
}

/** A clock that moves only when it is told to: for tests and simulations. */
export class ManualClock implements Clock {
  #nowMs: number;
  /** In the order of setting. */
  readonly #timers = new Set<Timer>();

  constructor(nowMs = 0) {
    this.#nowMs = nowMs;
  }

  nowMs(): number {
    return this.#nowMs;
  }

  after(ms: number, run: () => void): () => void {
    const delayMs = Math.max(0, ms || 0); // NaN is no delay
    const timer: Timer = { atMs: this.#nowMs + delayMs, run };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** Moves time forward and runs what falls due on the way, in order of time, then of setting. */
  advance(ms: number): void {
    const until = this.#nowMs + ms;
    for (let timer = this.#next(until); timer !== undefined; timer = this.#next(until)) {
      this.#timers.delete(timer);
      this.#nowMs = timer.atMs;
      timer.run();
    }
    this.#nowMs = Math.max(this.#nowMs, until); // a timer may have advanced it further
  }

  #next(untilMs: number): Timer | undefined {
    let best: Timer | undefined;
    for (const timer of this.#timers) {
      if (timer.atMs > untilMs) continue;
      if (best === undefined || timer.atMs < best.atMs) best = timer;
    }
    return best;
  }
}
