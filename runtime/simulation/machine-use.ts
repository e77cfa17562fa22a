import type { Machine } from "./machine.js";

const hourMs = 3_600_000;

/** What one virtual machine adds to its attempts, and what it has been used for. */
export class MachineUse {
  readonly #machine: Machine;
  #attempts = 0;
  /** When the first of its attempts under way began, in ms. */
  #busySinceMs = 0;
  /** When its last attempt ended; -Infinity: it has never had one. */
  #idleSinceMs = Number.NEGATIVE_INFINITY;
  #busyMs = 0;
  /** When it has started, or will have, in ms. */
  #warmAtMs = 0;
  /** Time that its cores have executed attempts, in ms: of those that have ended. */
  busyCoreMs = 0;

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  /** Whether it executes nothing. */
  get isIdle(): boolean {
    return this.#attempts === 0;
  }

  /** An attempt begins on it. @returns what is added to its duration, in ms */
  begin(nowMs: number): number {
    const { coldStartMs, keepAliveMs } = this.#machine;
    if (this.#attempts === 0) {
      this.#busySinceMs = nowMs;
      const isCold = this.#idleSinceMs === Number.NEGATIVE_INFINITY || nowMs - this.#idleSinceMs > keepAliveMs;
      if (isCold) this.#warmAtMs = nowMs + coldStartMs;
    }
    this.#attempts += 1;
    return Math.max(0, this.#warmAtMs - nowMs);
  }

  /** The attempt that began at `sinceMs` is over. It took so many cores. */
  end(sinceMs: number, nowMs: number, cores = 1): void {
    this.busyCoreMs += (nowMs - sinceMs) * cores;
    this.#attempts -= 1;
    if (this.#attempts > 0) return;
    this.#idleSinceMs = nowMs;
    this.#busyMs += nowMs - this.#busySinceMs;
  }

  /**
   * Where on its way an attempt fails, as a share of its duration; 1 when it does not.
   *
   * @param random numbers from 0 up to 1; asked only where the machine can fail
   */
  failsAt(random: () => number): number {
    const { failureRate } = this.#machine;
    return failureRate > 0 && random() < failureRate ? random() : 1;
  }

  /** For the time in which it has executed at least one attempt. */
  get costUsd(): number {
    return (this.#busyMs / hourMs) * this.#machine.pricePerHour;
  }
}
