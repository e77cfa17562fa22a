import type { Stopwatch } from "../../actors/ports.js";
import { nowMs } from "../observe/system-clock.js";

/** One clock read serves as the end of one task and the start of the next. */
export class LapStopwatch implements Stopwatch {
  boundary = nowMs();

  lap(): number {
    this.boundary = nowMs();
    return this.boundary;
  }
}
