import { RestartWindow } from "../../../actors/kernel/supervision.js";
import type { Child } from "./child.js";
import type { ProcessAttempt } from "./process-attempt.js";
import type { LoadRequest } from "./protocol.js";

/** One handler with one cap of memory: what its children have in common, and who waits for one of them. */
export class ChildKind {
  readonly load: LoadRequest;
  /** In the order in which they came. */
  readonly waiting: ProcessAttempt[] = [];
  /** All that live, or are on their way to their end. */
  readonly children = new Set<Child>();
  /** Those that have not loaded the handler yet. */
  readonly starting = new Set<Child>();
  /** Those that wait for an attempt, the newest last. */
  readonly idle: Child[] = [];
  /** Ends of children that had not loaded it. */
  readonly failedStarts: RestartWindow;
  /** Until when no more of them are made, in ms. */
  brokenUntil = Number.NEGATIVE_INFINITY;

  /** @param failedStartsMax within `restartWindowMs` */
  constructor(load: LoadRequest, failedStartsMax: number) {
    this.load = load;
    this.failedStarts = new RestartWindow(failedStartsMax);
  }

  /** Since when the first one waits, in ms; Infinity: none does. */
  get waitingSince(): number {
    return this.waiting[0]?.queuedAt ?? Number.POSITIVE_INFINITY;
  }

  /** Whether one more child would have something to do. */
  get lacksChild(): boolean {
    return this.waiting.length > this.starting.size + this.idle.length;
  }

  removeIdle(child: Child): void {
    const at = this.idle.indexOf(child);
    if (at >= 0) this.idle.splice(at, 1);
  }
}
