import { build } from "hdr-histogram-js";
import { LogLinearHistogram } from "../../runtime/observe/log-linear-histogram.js";
import { MANY_CALLS, mustHold, type Operation } from "./operation.js";

/** From 1 µs to a second, in no order. */
const durationsMs = Array.from({ length: MANY_CALLS }, (_, index) => 1e-3 * 1.0139 ** ((index * 619) % MANY_CALLS));

/** Ours on the way of every task, and the library in which its counts end. */
export function histogramOperations(): Operation[] {
  return [ownHistogram(), libraryHistogram()];
}

function ownHistogram(): Operation {
  let histogram = new LogLinearHistogram();
  return {
    name: "histogram: record",
    calls: MANY_CALLS,
    run() {
      for (const duration of durationsMs) histogram.record(duration);
    },
    check() {
      histogram = new LogLinearHistogram();
      this.run();
      const counted = histogram.snapshot().counts.reduce((sum, count) => sum + count, 0);
      mustHold(counted === MANY_CALLS, "every duration must be counted once");
    },
  };
}

function libraryHistogram(): Operation {
  const histogram = build({ lowestDiscernibleValue: 1, highestTrackableValue: 10_000_000, numberOfSignificantValueDigits: 3 });
  return {
    name: "histogram: record of hdr-histogram-js",
    calls: MANY_CALLS,
    run() {
      for (const duration of durationsMs) histogram.recordValue(Math.round(duration * 1e3));
    },
    check() {
      histogram.reset();
      this.run();
      mustHold(histogram.totalCount === MANY_CALLS, "every duration must be counted once");
    },
  };
}
