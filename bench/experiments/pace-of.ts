import type { Pace } from "../harness/pace.js";
import type { ExperimentPace } from "./experiment.js";

/** DataFlower's threads each compile more code than any other contender has: with two of them on two cores that takes so many times as long. */
const WARMUP_FACTOR = 4;

/** How long a contender warms up and is measured where several are compared: the others are not faster after more. */
export function paceOf(contender: string, { warmupMs, measureMs }: ExperimentPace): Pace {
  return { warmupMs: contender.startsWith("dataflower") ? WARMUP_FACTOR * warmupMs : warmupMs, measureMs };
}

/** Runs that do not count, where a contender warms up by whole runs: as many more of DataFlower. */
export function warmupRunsOf(contender: string): number {
  return contender.startsWith("dataflower") ? WARMUP_FACTOR : 1;
}
