import { DataFlowerError } from "../../../actors/kernel/errors.js";
import { restartWindowMs } from "../../../actors/kernel/limits.js";
import { afterUnheld, nowMs } from "../../observe/system-clock.js";
import { type AttemptEnd, Child, type ChildEvents } from "./child.js";
import type { ChildKind } from "./child-kind.js";
import type { ProcessAttempt } from "./process-attempt.js";

/** A child serves its own kind until another one, which has no child at all, has waited so long, in ms. */
export const fairWaitMs = 1_000;
/** How long the end of killed children is waited for, in ms. */
const closeMsMax = 2_000;

export interface ChildrenLimits {
  /** Children that a worker may have at a time, those on their way to their end included. */
  readonly processesMax: number;
  /** How long a child that has nothing to do is kept, in ms. */
  readonly idleMs: number;
  /** How long an attempt that was given up may go on, in ms. */
  readonly graceMs: number;
}

export interface ChildrenEvents {
  /** @param ms from the making of a process until its handler was loaded */
  onColdStart(ms: number): void;
  onHeartbeat(): void;
  /** An attempt has been handed to a child. */
  onBegun(attempt: ProcessAttempt): void;
  onEnd(attempt: ProcessAttempt, end: AttemptEnd): void;
  /** Its child has ended, or none can be had. */
  onCrashed(attempt: ProcessAttempt, why: DataFlowerError): void;
}

/**
 * The child processes of one worker. Each belongs to a kind, one handler with one cap of memory, while it lives, and executes one attempt
 * at a time: whatever becomes of it costs nobody else anything.
 *
 * An attempt takes an idle child of its kind; else a new one is made; where there are as many as there may be, one that is idle gives
 * its place; else the attempt waits. A child without anything to do is kept for a while, then killed.
 */
export class Children {
  readonly #program: URL;
  readonly #limits: ChildrenLimits;
  readonly #events: ChildrenEvents;
  readonly #kinds = new Set<ChildKind>();
  #count = 0;
  #cancelReclaim: (() => void) | undefined;
  #isClosed = false;
  #onEmpty: (() => void) | undefined;

  constructor(program: URL, limits: ChildrenLimits, events: ChildrenEvents) {
    this.#program = program;
    this.#limits = limits;
    this.#events = events;
  }

  /** Process ids of all that live. */
  get pids(): number[] {
    return [...this.#all()].flatMap(({ pid }) => pid ?? []);
  }

  /** Children in which an attempt that was given up still goes on. */
  get leftCount(): number {
    return [...this.#all()].filter(({ isLeftWith }) => isLeftWith).length;
  }

  add(kind: ChildKind, attempt: ProcessAttempt): void {
    this.#kinds.add(kind);
    kind.waiting.push(attempt);
    this.#match();
  }

  /** The attempt is given up: nothing is heard of it any more. */
  abort(kind: ChildKind, attempt: ProcessAttempt, reason: DataFlowerError): void {
    const at = kind.waiting.indexOf(attempt);
    if (at >= 0) kind.waiting.splice(at, 1);
    else attempt.child?.abort(reason);
  }

  /** Kills all of them. Resolves when they are gone, or do not end. */
  close(): Promise<void> {
    this.#isClosed = true;
    this.#cancelReclaim?.();
    for (const kind of this.#kinds) kind.waiting.length = 0;
    for (const child of this.#all()) child.kill();
    if (this.#count === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const cancel = afterUnheld(closeMsMax, resolve);
      this.#onEmpty = () => {
        cancel();
        resolve();
      };
    });
  }

  *#all(): Generator<Child> {
    for (const { children } of this.#kinds) yield* children;
  }

  /** Brings together who waits and who has nothing to do, and sees to it that there are children for the others. */
  #match(): void {
    if (this.#isClosed) return;
    const starving = this.#starving();
    if (starving === undefined) for (const kind of this.#kinds) this.#matchKind(kind);
    for (;;) {
      const kind = starving ?? this.#mostUrgent();
      if (kind === undefined) break;
      if (!this.#hasRoom()) {
        this.#makeRoom(kind); // the place is free when the one that gives it is gone
        break;
      }
      this.#make(kind);
    }
    this.#reclaimLater();
  }

  #matchKind(kind: ChildKind): void {
    while (kind.waiting.length > 0 && kind.idle.length > 0) {
      const child = kind.idle.pop() as Child; // the one whose caches are warmest; there is one
      if (!child.isIdle) continue; // it has ended, and that is not known yet
      const attempt = kind.waiting.shift() as ProcessAttempt; // as above
      child.run(attempt);
      this.#events.onBegun(attempt);
    }
  }

  /** A kind that has waited for its first child for too long, while others keep all places. */
  #starving(): ChildKind | undefined {
    if (this.#hasRoom()) return undefined;
    const until = nowMs() - fairWaitMs;
    return [...this.#kinds].find(({ children, waitingSince }) => children.size === 0 && waitingSince < until);
  }

  /** The kind that lacks a child and whose first attempt has waited longest. */
  #mostUrgent(): ChildKind | undefined {
    let urgent: ChildKind | undefined;
    for (const kind of this.#kinds) {
      if (!kind.lacksChild || this.#breakIfBroken(kind)) continue;
      if (urgent === undefined || kind.waitingSince < urgent.waitingSince) urgent = kind;
    }
    return urgent;
  }

  #hasRoom(): boolean {
    return this.#count < this.#limits.processesMax;
  }

  /** Kills the child of another kind that has been idle longest, unless one is on its way to its end. */
  #makeRoom(forKind: ChildKind): void {
    if ([...this.#all()].some(({ isEnding }) => isEnding)) return;
    let oldest: Child | undefined;
    let kindOfOldest: ChildKind | undefined;
    for (const kind of this.#kinds) {
      const child = kind === forKind ? undefined : kind.idle[0];
      if (child === undefined || (oldest !== undefined && oldest.idleSince <= child.idleSince)) continue;
      oldest = child;
      kindOfOldest = kind;
    }
    if (oldest === undefined) return;
    kindOfOldest?.removeIdle(oldest);
    oldest.kill();
  }

  #make(kind: ChildKind): void {
    try {
      const { graceMs } = this.#limits;
      const child = new Child({ program: this.#program, load: kind.load, graceMs, events: this.#eventsOf(kind) });
      this.#count += 1;
      kind.children.add(child);
      kind.starting.add(child);
    } catch (cause) {
      const message = `Cannot start a process for workflow ${kind.load.workflow} as the system must give it one: it refused`;
      this.#startFailed(kind, new DataFlowerError("DF_WORKER_LOST", message, { cause }));
    }
  }

  #eventsOf(kind: ChildKind): ChildEvents {
    return {
      onReady: (child, coldStartMs) => {
        kind.starting.delete(child);
        this.#events.onColdStart(coldStartMs);
        this.#free(kind, child);
      },
      onHeartbeat: () => this.#events.onHeartbeat(),
      onEnd: (child, attempt, end) => {
        if (attempt.child === child) this.#events.onEnd(attempt, end);
        this.#free(kind, child);
      },
      onGone: (child, attempt, why, wasReady) => {
        this.#count -= 1;
        kind.children.delete(child);
        kind.starting.delete(child);
        kind.removeIdle(child);
        if (attempt?.child === child) this.#events.onCrashed(attempt, why);
        if (!wasReady && !this.#isClosed) this.#startFailed(kind, why);
        if (this.#count === 0) this.#onEmpty?.();
        this.#match();
      },
    };
  }

  #free(kind: ChildKind, child: Child): void {
    if (!child.isIdle) return; // it has ended meanwhile
    kind.idle.push(child);
    this.#match();
  }

  /** Somebody has to answer for it, so that nothing is tried for ever: the one that has waited longest. */
  #startFailed(kind: ChildKind, why: DataFlowerError): void {
    const now = nowMs();
    if (!kind.failedStarts.allows(now)) kind.brokenUntil = now + restartWindowMs;
    const attempt = kind.waiting.shift();
    if (attempt !== undefined) this.#events.onCrashed(attempt, why);
  }

  /** While its children do not start none is made, and who would wait for one fails at once. */
  #breakIfBroken(kind: ChildKind): boolean {
    if (kind.brokenUntil <= nowMs()) return false;
    const rule = `its processes must start: too many within ${restartWindowMs / 1000} s did not`;
    for (const attempt of kind.waiting.splice(0)) {
      this.#events.onCrashed(attempt, new DataFlowerError("DF_WORKER_LOST", `Cannot finish ${attempt.task.path} as ${rule}`));
    }
    return true;
  }

  #reclaimLater(): void {
    this.#cancelReclaim?.();
    this.#cancelReclaim = undefined;
    const first = Math.min(...[...this.#kinds].map(({ idle }) => idle[0]?.idleSince ?? Number.POSITIVE_INFINITY));
    if (first === Number.POSITIVE_INFINITY) return;
    const waitMs = first + this.#limits.idleMs - nowMs();
    if (waitMs <= 0) this.#reclaim();
    else this.#cancelReclaim = afterUnheld(waitMs, () => this.#reclaim());
  }

  #reclaim(): void {
    const until = nowMs() - this.#limits.idleMs;
    for (const kind of this.#kinds) {
      for (const child of kind.idle.filter(({ idleSince }) => idleSince <= until)) {
        kind.removeIdle(child);
        child.kill();
      }
    }
    this.#reclaimLater();
  }
}
