import { type BanditSnapshot, policyNames } from "dataflower/schedulers";
import { simulate } from "dataflower/simulation";
import { BAG_TASKS, bagRuns } from "../workloads/recorded-bag.js";

/** A policy at a load. */
export interface LoadedBag {
  readonly load: number;
  readonly scheduler: string;
  readonly runs: number;
  readonly machines: number;
  readonly meanSlowdown: number;
  /** Of `adaptive`: tasks that were started under each policy. */
  readonly starts?: Readonly<Record<string, number>>;
}

export const bagLoads = [0.5, 0.7, 0.9, 1.1] as const;
export const BAG_MACHINES = 28;

/** Those that go by one order all the time. */
export const staticSchedulers: readonly string[] = policyNames.filter((name) => !["learned", "adaptive", "deadline-shed"].includes(name));

/** Throws unless all tasks were executed. */
export function loadedBag(sharedData: string, load: number, scheduler: string, runs = BAG_TASKS): LoadedBag {
  const result = simulate({ runs: bagRuns(sharedData, { runs, machines: BAG_MACHINES, load }), machines: BAG_MACHINES, scheduler });
  if (result.tasks !== runs) throw new Error(`Cannot count slowdowns as all ${runs} tasks must be executed: found ${result.tasks}`);
  const { starts } = (result.learned.adaptive ?? {}) as Partial<BanditSnapshot>; // the learner of that name
  return { load, scheduler, runs, machines: BAG_MACHINES, meanSlowdown: result.slowdown.mean, ...(starts && { starts }) };
}
