import { restartsMax, restartWindowMs } from "./limits.js";

/**
 * What becomes of an actor whose handler threw.
 *
 *   resume    it keeps its state; the message is lost
 *   restart   a new actor takes its place and its mailbox; the message is lost
 *   stop      it ends; what waits in its mailbox becomes dead letters
 *   escalate  its parent is treated as if it had thrown; without a parent the system has failed
 */
export type Directive = "resume" | "restart" | "stop" | "escalate";

/** Decides by the error. Must not throw. */
export type Supervise = (error: unknown) => Directive;

export const stopOnFailure: Supervise = () => "stop";
export const escalateOnFailure: Supervise = () => "escalate";

/** Counts restarts in a sliding window, so that an actor that fails at once after every restart is given up. */
export class RestartWindow {
  readonly #atMs: number[] = [];
  readonly #restartsMax: number;
  readonly #windowMs: number;

  constructor(most: number = restartsMax, windowMs: number = restartWindowMs) {
    this.#restartsMax = most;
    this.#windowMs = windowMs;
  }

  /** Notes a restart at `nowMs`; false when it would be one too many. */
  allows(nowMs: number): boolean {
    while (this.#atMs.length > 0 && nowMs - (this.#atMs[0] as number) >= this.#windowMs) this.#atMs.shift();
    if (this.#atMs.length >= this.#restartsMax) return false;
    this.#atMs.push(nowMs);
    return true;
  }
}
