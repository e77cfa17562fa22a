import type { ActorRef } from "../../actors/kernel/actor.js";
import type { ActorSystem } from "../../actors/kernel/system.js";
import type { CheckpointMessage, SchedulerMessage } from "../../actors/messages.js";
import type { Stopwatch } from "../../actors/ports.js";
import type { EventLoop } from "./event-loop.js";
import { eventLoopTurnMs, Turns } from "./turns.js";

/** Messages handled before rings and time are looked at: about ten short tasks, or one long one. */
const messagesPerLookMax = 32;
const messagesPerLookMin = 3;
/** When what was handled between two looks took longer than this, fewer messages are handled before the next one, in ms. */
const lookMs = 0.25;
/** Results are sent on at least this often, in ms. */
const flushMs = 1;

/** A worker's own bell, as far as its loop has to do with it; see doorbell.ts. */
export interface OwnBell {
  events(worker: number): number;
  wakeUp(worker: number): void;
  fallAsleep(worker: number, seen: number): boolean;
  setHungry(worker: number, isHungry: boolean): void;
}

/** How an idle worker waits before it sleeps. */
export interface Spin {
  /** Waits a moment for the worker's bell; true when it rang. */
  waitForRing(worker: number, seen: number): boolean;
}

export interface LoopParts {
  readonly worker: number;
  readonly system: ActorSystem;
  readonly scheduler: ActorRef<SchedulerMessage>;
  readonly checkpoint: ActorRef<CheckpointMessage>;
  readonly doorbells: OwnBell;
  readonly watch: Stopwatch;
  readonly spin: Spin;
  readonly eventLoop: EventLoop;
  /** Takes in what other threads have sent; true when there was something. */
  readonly drain: () => boolean;
  /** True when something waits for room in a ring, whose reader rings nobody. */
  readonly isBlocked: () => boolean;
  /** True when the worker could not start another task. */
  readonly isOccupied: () => boolean;
  /** What is due from time to time: reports that found no room, memory that guests have left. */
  readonly sweep: () => void;
  /** The worker returns to its event loop, or has nothing to do: it executes no task from here on. */
  readonly endTurn: () => void;
  /** The worker has stopped: this came out of its work, which is a mistake of our own. */
  readonly onFailed: (error: unknown) => void;
}

/**
 * The life of a worker: work while there is some, then spin for a moment if that pays, then sleep in the event loop until rung.
 *
 *            wake()                 nothing to do              rung meanwhile
 *   ASLEEP ─────────▶ WORKING ──────────────────▶ HUNGRY ─────────────────────▶ WORKING
 *      ▲                 │ 2 ms: the next turn       │
 *      │                 ▼                           │ spin ended, nobody rang
 *      └─────────── (event loop) ◀───────────────────┘
 *
 * Before sleep: read the event count, say HUNGRY, look for work once more, announce sleep if the count has not changed. Whoever
 * publishes a ticket looks for hungry workers afterwards, so either it sees this one or this one sees the ticket (doorbell.ts).
 *
 * It knows nothing of threads: the simulator drives its workers by this very loop.
 */
export class WorkerLoop {
  readonly #parts: LoopParts;
  readonly #turns: Turns;
  #flushedAt = 0;
  #isHungry = false;
  #messagesPerLook = messagesPerLookMax;

  constructor(parts: LoopParts) {
    this.#parts = parts;
    const { eventLoop, onFailed } = parts;
    this.#turns = new Turns({ eventLoop, onFailed, work: () => this.#workOn() });
  }

  /** Nothing is taken before: a worker that is still loading its workflows may be rung already. */
  begin(): void {
    this.#turns.begin();
  }

  /** Rung by another thread, or by the event loop. */
  wake(): void {
    this.#turns.wake();
  }

  /** An actor has become runnable outside of a turn: a promise has settled, a timer has fired. */
  poke(): void {
    this.#turns.poke();
  }

  /** Called when the worker has taken a ticket, or could not take one. */
  notHungry(): void {
    if (!this.#isHungry) return;
    this.#isHungry = false;
    this.#parts.doorbells.setHungry(this.#parts.worker, false);
  }

  stop(): void {
    this.#turns.stop();
  }

  #workOn(): void {
    const { doorbells, worker, watch } = this.#parts;
    doorbells.wakeUp(worker);
    watch.lap();
    for (;;) {
      if (watch.boundary - this.#turns.startedAt >= eventLoopTurnMs) {
        this.#parts.endTurn();
        this.#turns.nextTurn();
        return;
      }
      const seen = doorbells.events(worker);
      if (this.#step()) continue;
      if (this.#parts.isOccupied()) this.notHungry();
      else this.#beHungry();
      if (this.#step()) continue;
      this.#parts.checkpoint.tell({ kind: "flush" });
      this.#parts.system.run(messagesPerLookMax);
      this.#parts.sweep();
      this.#parts.endTurn();
      if (this.#parts.spin.waitForRing(worker, seen)) {
        watch.lap();
        continue;
      }
      if (doorbells.fallAsleep(worker, seen)) {
        if (this.#parts.isBlocked()) this.#turns.retryLater();
        return;
      }
      watch.lap();
    }
  }

  /**
   * One look at everything there may be to do; true when something was done. The ready queue is looked at only when no actor has
   * anything to do: a step that finds messages left over, be it a single flush, has not looked and so says that there was something.
   */
  #step(): boolean {
    const { system, scheduler, checkpoint, watch } = this.#parts;
    const hasReceived = this.#parts.drain();
    if (hasReceived) watch.lap();
    const isLooking = system.isIdle;
    if (isLooking) scheduler.tell({ kind: "look" });
    const lookedAt = watch.boundary;
    const handled = system.run(this.#messagesPerLook);
    this.#messagesPerLook = watch.boundary - lookedAt > lookMs ? messagesPerLookMin : messagesPerLookMax;
    if (watch.boundary - this.#flushedAt > flushMs) {
      this.#flushedAt = watch.boundary;
      checkpoint.tell({ kind: "flush" });
      this.#parts.sweep();
    }
    return hasReceived || !isLooking || handled > 1;
  }

  #beHungry(): void {
    if (this.#isHungry) return;
    this.#isHungry = true;
    this.#parts.doorbells.setHungry(this.#parts.worker, true);
  }
}
