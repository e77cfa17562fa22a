import type { EventLoop } from "./event-loop.js";

/** A thread with work to do gives its event loop a turn this often, in ms. */
export const eventLoopTurnMs = 2;
/** A thread that waits for room in a ring looks again after this long, in ms. */
const blockedRetryMs = 1;

export interface TurnsParts {
  readonly eventLoop: EventLoop;
  /** Works until there is nothing to do, or it is time for a turn of the event loop: then it calls `nextTurn` and returns. */
  readonly work: () => void;
  /** Nothing is worked on any more: this came out of the work, which is a mistake of our own. */
  readonly onFailed: (error: unknown) => void;
}

/**
 * When a thread works: as soon as it is rung or something has become runnable on it, never twice at a time, and with turns of its event
 * loop between. What it does then is its loop's affair.
 */
export class Turns {
  readonly #parts: TurnsParts;
  #hasBegun = false;
  #isScheduled = false;
  #isWorking = false;
  #isStopped = false;
  #startedAt = 0;
  #retry: (() => void) | undefined;

  constructor(parts: TurnsParts) {
    this.#parts = parts;
  }

  get isWorking(): boolean {
    return this.#isWorking;
  }

  get isStopped(): boolean {
    return this.#isStopped;
  }

  /** Since when the event loop has had no turn, in ms on the clock. */
  get startedAt(): number {
    return this.#startedAt;
  }

  /** Nothing is done before: a thread that is still loading its modules may be rung already. */
  begin(): void {
    this.#hasBegun = true;
    this.wake();
  }

  /** Rung by another thread, or by the event loop. */
  wake(): void {
    if (!this.#hasBegun || this.#isWorking || this.#isStopped) return;
    this.#startedAt = this.#parts.eventLoop.nowMs();
    this.#work();
  }

  /** Something has become runnable outside of the work: a promise has settled, a timer has fired. */
  poke(): void {
    if (!this.#hasBegun || this.#isWorking || this.#isScheduled || this.#isStopped) return;
    const { eventLoop } = this.#parts;
    if (eventLoop.nowMs() - this.#startedAt > eventLoopTurnMs) {
      this.nextTurn();
      return;
    }
    this.#isScheduled = true;
    eventLoop.soon(() => this.#resume());
  }

  /** Goes on after a turn of the event loop. */
  nextTurn(): void {
    const { eventLoop } = this.#parts;
    this.#isScheduled = true;
    eventLoop.nextTurn(() => {
      this.#startedAt = eventLoop.nowMs();
      this.#resume();
    });
  }

  /** Looks again in a moment: whoever makes room in a ring rings nobody. */
  retryLater(): void {
    this.#retry ??= this.#parts.eventLoop.after(blockedRetryMs, () => {
      this.#retry = undefined;
      this.wake();
    });
  }

  stop(): void {
    this.#isStopped = true;
    this.#retry?.();
  }

  #resume(): void {
    this.#isScheduled = false;
    if (!this.#isStopped) this.#work();
  }

  /** An error that comes out of here is our own mistake: the thread cannot go on. */
  #work(): void {
    this.#isWorking = true;
    try {
      this.#parts.work();
    } catch (error) {
      this.stop();
      this.#parts.onFailed(error);
      return;
    }
    this.#isWorking = false;
  }
}
