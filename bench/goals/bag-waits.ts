import { jsonOfCommandLine } from "../harness/command-line.js";

/** Mean wait of the first tasks of the recorded bag, one task a machine. */
export interface BagCase {
  readonly runs: number;
  readonly machines: number;
  readonly scheduler: string;
  /** What others have computed of the same bag. */
  readonly listedMs: number;
  /** Whether it must come out; else it is printed only. */
  readonly isJudged: boolean;
}

export interface BagWait extends BagCase {
  readonly meanWaitMs: number;
}

export const bagCases: readonly BagCase[] = [
  { runs: 2_000, machines: 47, scheduler: "fifo", listedMs: 205_700, isJudged: true },
  { runs: 2_000, machines: 47, scheduler: "sjf", listedMs: 79_900, isJudged: true },
  { runs: 31_756, machines: 28, scheduler: "fifo", listedMs: 403_900, isJudged: false },
  { runs: 31_756, machines: 28, scheduler: "sjf", listedMs: 81_500, isJudged: false },
];

interface Simulated {
  readonly tasks: number;
  readonly waitMs: { readonly mean: number };
}

/** Rejects unless all tasks were executed. */
export async function measureBagWait(packageRoot: string, sharedData: string, given: BagCase): Promise<BagWait> {
  const { runs, machines, scheduler } = given;
  const bag = `${sharedData}alibaba-2017/cloudsimpy-jobs.csv`;
  const flags = ["--machines", String(machines), "--scheduler", scheduler, "--runs", String(runs)];
  const { tasks, waitMs } = await jsonOfCommandLine<Simulated>(packageRoot, ["simulate", bag, ...flags]);
  if (tasks !== runs) throw new Error(`Cannot count a bag as all of its ${runs} tasks must be executed: found ${tasks}`);
  return { ...given, meanWaitMs: waitMs.mean };
}
