/** Frames that a child may send in one second: it sends a heartbeat a millisecond at most, and some for each attempt. */
export const framesPerSecondMax = 50_000;
const windowMs = 1000;

/** Counts frames, so that one that floods its pipe is found. */
export class FrameRate {
  #since = Number.NEGATIVE_INFINITY;
  #count = 0;

  /** False when this one is one too many. */
  allows(nowMs: number): boolean {
    if (nowMs - this.#since >= windowMs) {
      this.#since = nowMs;
      this.#count = 0;
    }
    this.#count += 1;
    return this.#count <= framesPerSecondMax;
  }
}
