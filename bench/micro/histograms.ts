import { build } from "hdr-histogram-js";
import type { LoadedWorkflow } from "../../actors/workflow/loaded-workflow.js";
import { LogLinearHistogram } from "../../runtime/observe/log-linear-histogram.js";
import { WorkerLatencies } from "../../runtime/observe/worker-latencies.js";
import { firstTask, loneWorkflow } from "../ladder/lone-workflow.js";
import { chain } from "../workloads/chain.js";
import { MANY_CALLS, mustHold, type Operation } from "./operation.js";

/** From 1 µs to a second, in no order. */
const durationsMs = Array.from({ length: MANY_CALLS }, (_, index) => 1e-3 * 1.0139 ** ((index * 619) % MANY_CALLS));

/** Ours on the way of every task, and the library in which its counts end. */
export function histogramOperations(): Operation[] {
  return [ownHistogram(), workerLatencies(loneWorkflow(chain(1), "default")), libraryHistogram()];
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
      mustHaveCounted(histogram.snapshot().counts);
    },
  };
}

/** What a worker does at the end of each attempt. */
function workerLatencies(workflow: LoadedWorkflow): Operation {
  let latencies = new WorkerLatencies();
  const task = firstTask(workflow);
  return {
    name: "histogram: how long a task waited and took",
    calls: MANY_CALLS,
    run() {
      for (const duration of durationsMs) latencies.task(task, task.readyAt + duration, task.readyAt + duration + duration);
    },
    check() {
      latencies = new WorkerLatencies();
      this.run();
      for (const kind of ["queue", "service"] as const) mustHaveCounted(latencies.snapshot(kind).flatMap(({ counts }) => counts));
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
      mustHaveCounted([histogram.totalCount]);
    },
  };
}

function mustHaveCounted(counts: readonly number[]): void {
  mustHold(counts.reduce((sum, count) => sum + count, 0) === MANY_CALLS, "every duration must be counted once");
}
