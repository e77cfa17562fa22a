import { nowMs } from "../../runtime/observe/system-clock.js";
import { LapStopwatch } from "../../runtime/worker/stopwatch.js";
import { MANY_CALLS, mustHold, type Operation } from "./operation.js";

/** A worker reads it once between two tasks, which is the end of one and the start of the other. */
export function clockOperations(): Operation[] {
  const watch = new LapStopwatch();
  return [
    clockOperation("clock: read", nowMs),
    clockOperation("clock: read and kept as the boundary between two tasks", () => watch.lap()),
  ];
}

function clockOperation(name: string, read: () => number): Operation {
  const start = nowMs();
  let first = Number.NaN;
  let last = Number.NaN;
  let backwards = 0;
  return {
    name,
    calls: MANY_CALLS,
    run() {
      first = read();
      last = first;
      for (let count = 1; count < MANY_CALLS; count++) {
        const now = read();
        if (now < last) backwards += 1;
        last = now;
      }
    },
    check: () => mustHold(first >= start && last > first && backwards === 0, "the clock must go on, and never back"),
  };
}
