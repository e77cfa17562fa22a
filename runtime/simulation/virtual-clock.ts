import type { Clock } from "../../actors/kernel/clock.js";

interface Event {
  readonly atMs: number;
  /** Position in the order of setting: events of one time run in it. */
  readonly number: number;
  run: (() => void) | undefined;
}

/** A clock that jumps from one event to the next. Any number of events may wait: setting and running one takes logarithmic time. */
export class VirtualClock implements Clock {
  #nowMs = 0;
  #count = 0;
  /** A binary heap: the first of them is the next. */
  readonly #events: Event[] = [];

  nowMs(): number {
    return this.#nowMs;
  }

  after(ms: number, run: () => void): () => void {
    return this.at(this.#nowMs + Math.max(0, ms || 0), run); // NaN is no delay
  }

  /** Calls `run` once at a time that has not passed. The answer cancels it. */
  at(atMs: number, run: () => void): () => void {
    const event: Event = { atMs: Math.max(atMs, this.#nowMs), number: this.#count++, run };
    this.#push(event);
    return () => {
      event.run = undefined; // it stays in the heap until its time comes
    };
  }

  /** When the next event is; Infinity: there is none. */
  get nextMs(): number {
    while (this.#events.length > 0 && this.#events[0]?.run === undefined) this.#pop();
    return this.#events[0]?.atMs ?? Number.POSITIVE_INFINITY;
  }

  /** Moves on to the next event and runs it; false when there is none. */
  step(): boolean {
    if (this.nextMs === Number.POSITIVE_INFINITY) return false;
    const event = this.#pop() as Event; // nextMs has seen it
    this.#nowMs = event.atMs;
    event.run?.();
    return true;
  }

  #push(event: Event): void {
    const events = this.#events;
    let at = events.length;
    events.push(event);
    while (at > 0) {
      const above = (at - 1) >> 1;
      const other = events[above] as Event;
      if (!isBefore(event, other)) break;
      events[at] = other;
      at = above;
    }
    events[at] = event;
  }

  #pop(): Event | undefined {
    const events = this.#events;
    const first = events[0];
    const last = events.pop();
    if (events.length === 0 || last === undefined) return first;
    let at = 0;
    for (let below = 1; below < events.length; below = 2 * at + 1) {
      if (below + 1 < events.length && isBefore(events[below + 1] as Event, events[below] as Event)) below += 1;
      const other = events[below] as Event;
      if (!isBefore(other, last)) break;
      events[at] = other;
      at = below;
    }
    events[at] = last;
    return first;
  }
}

function isBefore(one: Event, other: Event): boolean {
  return one.atMs === other.atMs ? one.number < other.number : one.atMs < other.atMs;
}
