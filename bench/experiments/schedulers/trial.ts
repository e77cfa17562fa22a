import { policyNames } from "dataflower/schedulers";
import { simulate } from "dataflower/simulation";
import type { Instance } from "./instances.js";

export const trialLoads = [0.5, 0.7, 0.9, 1.1] as const;

/** All that start every task. */
export const trialSchedulers: readonly string[] = policyNames.filter((name) => name !== "deadline-shed");

/** How one policy did on one instance at one load. */
export interface TrialSample {
  readonly instance: string;
  readonly load: number;
  readonly scheduler: string;
  readonly runs: number;
  readonly meanSlowdown: number;
  readonly p99Slowdown: number;
  readonly meanWaitMs: number;
  readonly makespanMs: number;
  /** Share of the runs that ended behind their deadlines. */
  readonly missed: number;
}

/** Throws unless every run completed. */
export function trialOf(instance: Instance, load: number, scheduler: string): TrialSample {
  const runs = instance.runsAt(load);
  const result = simulate({ runs, machines: instance.machines, scheduler });
  const { slowdown, waitMs, makespanMs, deadlineMisses } = result;
  if (slowdown.count !== runs.length)
    throw new Error(`Cannot count ${scheduler} as all ${runs.length} runs must complete: found ${slowdown.count}`);
  return {
    ...{ instance: instance.name, load, scheduler, runs: runs.length, meanSlowdown: slowdown.mean, p99Slowdown: slowdown.p99 },
    ...{ meanWaitMs: waitMs.mean, makespanMs, missed: deadlineMisses / runs.length },
  };
}
