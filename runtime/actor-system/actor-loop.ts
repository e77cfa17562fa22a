import type { ActorSystem } from "../../actors/kernel/system.js";
import type { EventLoop } from "../worker/event-loop.js";
import type { OwnBell, Spin } from "../worker/loop.js";
import { eventLoopTurnMs, Turns } from "../worker/turns.js";

/** Messages handled before rings and time are looked at, where they take little time. */
const messagesPerLookMax = 64;
/** When what was handled between two looks took longer than this, one message is handled before the next one, in ms. */
const lookMs = 0.5;

export interface ActorLoopParts {
  readonly thread: number;
  readonly kernel: ActorSystem;
  readonly doorbells: Pick<OwnBell, "events" | "wakeUp" | "fallAsleep">;
  readonly spin: Spin;
  readonly eventLoop: EventLoop;
  /** Takes in what other threads have sent; true when there was something. */
  readonly drain: () => boolean;
  /** Sends what waits for room and rings whom something was sent to. */
  readonly flush: () => void;
  /** True when something waits for room in a ring, whose reader rings nobody. */
  readonly isBlocked: () => boolean;
  /** The thread has stopped: this came out of its work, which is a mistake of our own. */
  readonly onFailed: (error: unknown) => void;
}

/**
 * The life of a thread of an actor system: handle messages while there are some, then spin for a moment if that pays, then sleep in the
 * event loop until rung. The event loop gets a turn every 2 ms.
 *
 * Before sleep: read the event count, look once more, announce sleep if the count has not changed (doorbell.ts).
 */
export class ActorLoop {
  readonly #parts: ActorLoopParts;
  readonly #turns: Turns;
  #lookedAt = 0;
  /** Doubles with each look that took little time. */
  #messagesPerLook = 1;
  /** Messages handled so far. */
  handledCount = 0;

  constructor(parts: ActorLoopParts) {
    this.#parts = parts;
    const { eventLoop, onFailed } = parts;
    this.#turns = new Turns({ eventLoop, onFailed, work: () => this.#workOn() });
  }

  /** True while actors have their turns: what they send is told of at the end of it. */
  get isWorking(): boolean {
    return this.#turns.isWorking;
  }

  /** Nothing is handled before. */
  begin(): void {
    this.#turns.begin();
  }

  /** Rung by another thread. */
  wake(): void {
    this.#turns.wake();
  }

  /** An actor has become runnable outside of a turn. */
  poke(): void {
    this.#turns.poke();
  }

  stop(): void {
    this.#turns.stop();
  }

  #workOn(): void {
    const { doorbells, thread, eventLoop, flush, spin } = this.#parts;
    doorbells.wakeUp(thread);
    this.#messagesPerLook = 1;
    while (!this.#turns.isStopped) {
      const seen = doorbells.events(thread);
      if (this.#step()) {
        const now = eventLoop.nowMs();
        this.#messagesPerLook = now - this.#lookedAt > lookMs ? 1 : Math.min(messagesPerLookMax, this.#messagesPerLook * 2);
        this.#lookedAt = now;
        if (now - this.#turns.startedAt < eventLoopTurnMs) continue;
        flush();
        this.#turns.nextTurn();
        return;
      }
      flush();
      if (spin.waitForRing(thread, seen)) continue;
      if (doorbells.fallAsleep(thread, seen)) {
        if (this.#parts.isBlocked()) this.#turns.retryLater();
        return;
      }
    }
  }

  #step(): boolean {
    const hasReceived = this.#parts.drain();
    const handled = this.#parts.kernel.run(this.#messagesPerLook, this.#messagesPerLook);
    this.handledCount += handled;
    this.#parts.flush();
    return hasReceived || handled > 0;
  }
}
