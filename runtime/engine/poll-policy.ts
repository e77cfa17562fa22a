import { nowMs } from "../observe/system-clock.js";

/** How long the control thread looks for results again before it sleeps until rung, in ms: less than what waking it takes. */
const pollMs = 0.025;
const scoreMax = 8;
/** A control thread whose polling does not pay tries again after so many waits. */
const waitsBetweenTries = 16;

/**
 * Whether the control thread looks for results again at the next turn of its event loop, or sleeps until a worker rings. Looking again
 * saves a worker the message and the engine the time that waking takes, and costs a core meanwhile: it does so while recent waits
 * ended with a result.
 */
export class PollPolicy {
  #score = scoreMax;
  #waits = 0;
  #since = 0;
  #isWaiting = false;

  /** @param hasReceived this look found something @param mayCome some run is under way */
  looksAgain(hasReceived: boolean, mayCome: boolean): boolean {
    if (hasReceived) {
      if (this.#isWaiting) this.#score = Math.min(scoreMax, this.#score + 1);
      this.#isWaiting = false;
      return true;
    }
    if (!mayCome) return this.#giveUp();
    if (!this.#isWaiting) return this.#startWaiting();
    if (nowMs() - this.#since < pollMs) return true;
    this.#score = Math.max(0, this.#score - 1);
    return this.#giveUp();
  }

  #startWaiting(): boolean {
    this.#waits += 1;
    if (this.#score === 0 && this.#waits % waitsBetweenTries !== 0) return false;
    this.#isWaiting = true;
    this.#since = nowMs();
    return true;
  }

  #giveUp(): false {
    this.#isWaiting = false;
    return false;
  }
}
