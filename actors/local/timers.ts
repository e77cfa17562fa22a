import type { Clock } from "../kernel/clock.js";
import { type TimerEntry, TimerWheel } from "../kernel/timer-wheel.js";

/** What happens when its time has come. */
export interface Due {
  due(): void;
}

/** The timers of one system: time-outs of asks and what actors send themselves. Resolution is 4 ms; nothing is ever early. */
export class Timers {
  readonly clock: Clock;
  /** Made with the first timer. */
  #wheel: TimerWheel<Timer> | undefined;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** Has `what` happen once, not before `ms` have passed. */
  after(ms: number, what: Due): Timer {
    this.#wheel ??= new TimerWheel<Timer>(this.clock, () => this.#wheel?.expired((timer) => timer.come()));
    return new Timer(this.#wheel, what, this.clock.nowMs() + ms);
  }

  close(): void {
    this.#wheel?.close();
  }
}

/** One of them, until it has come or is cancelled. */
export class Timer {
  readonly #wheel: TimerWheel<Timer>;
  readonly #what: Due;
  #entry: TimerEntry<Timer> | undefined;

  constructor(wheel: TimerWheel<Timer>, what: Due, dueAt: number) {
    this.#wheel = wheel;
    this.#what = what;
    this.#entry = wheel.set(this, dueAt);
  }

  cancel(): void {
    if (this.#entry !== undefined) this.#wheel.clear(this.#entry);
    this.#entry = undefined;
  }

  /** For the wheel, which uses the entry again. */
  come(): void {
    this.#entry = undefined;
    this.#what.due();
  }
}
