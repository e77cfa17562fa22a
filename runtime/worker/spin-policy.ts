import { availableParallelism } from "node:os";
import type { Doorbells } from "../memory/doorbell.js";
import { nowMs } from "../observe/system-clock.js";
import type { Spin } from "./loop.js";

/** Spins between two looks at the clock. */
const looksPerClock = 32;
const scoreMax = 8;
/** A worker whose spins do not pay tries again after so many waits. */
const waitsBetweenTries = 16;

/**
 * Whether an idle worker spins before it sleeps. It does while recent waits ended within the spin, and only while no more threads
 * are awake than there are cores: a spin that takes the core of a thread with work costs more than the sleep it saves.
 */
export class SpinPolicy implements Spin {
  readonly #spinMs: number;
  readonly #doorbells: Doorbells;
  readonly #cores = availableParallelism();
  #score = scoreMax;
  #waits = 0;

  /** @param spinUs longest spin; 0: never */
  constructor(spinUs: number, doorbells: Doorbells) {
    this.#spinMs = spinUs / 1000;
    this.#doorbells = doorbells;
  }

  waitForRing(worker: number, seen: number): boolean {
    const doorbells = this.#doorbells;
    if (doorbells.events(worker) !== seen) return true;
    if (!this.#pays() || doorbells.awakeCount() > this.#cores) return false;
    const until = nowMs() + this.#spinMs;
    do {
      for (let look = 0; look < looksPerClock; look++) {
        if (doorbells.events(worker) === seen) continue;
        this.#score = Math.min(scoreMax, this.#score + 1);
        return true;
      }
    } while (nowMs() < until);
    this.#score = Math.max(0, this.#score - 1);
    return false;
  }

  #pays(): boolean {
    if (this.#spinMs === 0) return false;
    this.#waits += 1;
    return this.#score > 0 || this.#waits % waitsBetweenTries === 0;
  }
}
