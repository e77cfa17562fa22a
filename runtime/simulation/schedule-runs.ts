import { refuseOption } from "../authoring/option-checks.js";
import type { Arrivals } from "./arrivals.js";
import type { Machine } from "./machine.js";
import type { RunPool } from "./run-pool.js";
import { tenYearsMs } from "./ten-years.js";
import type { SimulatedRun } from "./workload.js";

export interface ScheduleOptions {
  readonly pool: RunPool;
  /** How many runs of the pool, from its first. */
  readonly count: number;
  /** undefined: each when the pool says. */
  readonly arrivals: Arrivals | undefined;
  /** What the work offered is to be of what the machines could do in the time of the arrivals; undefined: as it comes. */
  readonly load: number | undefined;
  readonly machines: readonly Machine[];
}

/**
 * Settles when each run is submitted. The first is submitted at 0.
 *
 * With a load X all times are multiplied by one number, such that
 *
 *     work ÷ (cores × (last submission − first submission)) = X
 *
 * where work is the sum of the durations of all tasks of all runs. Machines that look at what tasks reserve have each duration counted
 * once for each core that the task takes.
 *
 * @throws DF_OPTION_INVALID for a load of runs that are all submitted at once, or take no time; for arrivals or a load by which the last
 *   run is submitted more than ten years behind the first
 */
export function scheduleRuns(options: ScheduleOptions): Iterable<SimulatedRun> {
  const submitMs = timesOf(options);
  requireSpan("--arrivals", submitMs);
  if (options.load !== undefined) {
    scale(submitMs, factorOf(options, options.load, submitMs.at(-1) as number));
    requireSpan("--load", submitMs);
  }
  return { [Symbol.iterator]: () => runsOf(options.pool, submitMs) };
}

function requireSpan(path: string, timesMs: Float64Array): void {
  const spanMs = timesMs.at(-1) as number;
  if (!(spanMs <= tenYearsMs)) refuseOption(path, "such that all runs are submitted within ten years", `${spanMs} ms`);
}

function timesOf({ pool, count, arrivals }: ScheduleOptions): Float64Array {
  const originMs = arrivals === undefined ? pool.submitMs(0) : 0;
  return Float64Array.from({ length: count }, (_, index) => (arrivals === undefined ? pool.submitMs(index) - originMs : arrivals.next()));
}

function factorOf({ pool, count, machines }: ScheduleOptions, load: number, spanMs: number): number {
  const cores = machines.reduce((sum, machine) => sum + machine.cores, 0);
  const countsTasks = machines.every((machine) => machine.countsTasks);
  let offeredMs = 0;
  for (let index = 0; index < count; index++) offeredMs += countsTasks ? pool.workMs(index) : pool.coreMs(index);
  if (spanMs === 0) refuseOption("--load", "left out where all runs are submitted at once", load);
  if (offeredMs === 0) refuseOption("--load", "left out where no task takes any time", load);
  return offeredMs / (cores * load) / spanMs;
}

function scale(timesMs: Float64Array, factor: number): void {
  for (let index = 0; index < timesMs.length; index++) timesMs[index] = (timesMs[index] as number) * factor;
}

function* runsOf(pool: RunPool, timesMs: Float64Array): Generator<SimulatedRun> {
  for (let index = 0; index < timesMs.length; index++) {
    const submitMs = timesMs[index] as number;
    const deadlineMs = pool.deadlineMs(index);
    yield {
      workflow: pool.workflow(index),
      submitMs,
      priority: pool.priority(index),
      deadlineMs: deadlineMs === undefined ? undefined : submitMs + deadlineMs,
    };
  }
}
