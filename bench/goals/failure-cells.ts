import { exactInterval, type Interval } from "../harness/exact-interval.js";
import type { CoinsCount } from "../harness/measurements/coins.js";
import { closedForm } from "../workloads/coins.js";

/** Runs of a cell before its share of completed ones says enough. */
export const RUNS_NEEDED = 2000;

const TASKS = [10, 50] as const;
const ATTEMPTS = [1, 2, 3, 5] as const;
const FAILURE_SHARES = [0.05, 0.1, 0.2, 0.3, 0.4] as const;
/** With 40 cells about one measurement in 25 has a cell outside of its interval by chance; at 95 % each would have two. */
const CONFIDENCE = 0.999;

/** One kind of run: independent tasks, attempts that each has, and how many of these fail. */
export type Cell = Pick<CoinsCount, "tasks" | "attempts" | "failureShare">;

export const cells: readonly Cell[] = TASKS.flatMap((tasks) =>
  ATTEMPTS.flatMap((attempts) => FAILURE_SHARES.map((failureShare) => ({ tasks, attempts, failureShare }))),
);

export interface JudgedCell extends CoinsCount {
  /** Share of completed runs that the closed form gives. */
  readonly expected: number;
  readonly seen: number;
  /** Of `seen`, exact, at 99.9 %. */
  readonly interval: Interval;
  /** Whether what is expected lies in the interval. */
  readonly holds: boolean;
}

export function judge(sample: CoinsCount): JudgedCell {
  const expected = closedForm(sample);
  const interval = exactInterval(sample.completed, sample.runs, CONFIDENCE);
  const holds = interval.low <= expected && expected <= interval.high;
  return { ...sample, expected, seen: sample.completed / sample.runs, interval, holds };
}
