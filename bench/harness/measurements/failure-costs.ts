import { DataFlower, type TaskRecord } from "dataflower";
import type { CoinsRun, Fate } from "../../workloads/coins.js";
import { asFailure } from "../as-failure.js";
import { digestOf } from "../digest.js";
import { measureArrivals } from "../open-loop/arrivals.js";
import { checkEnd, loadCoins } from "./coins.js";

/** What failures cost those that wait and those that pay: runs whose tasks fail by chance, at a constant load. */
export interface FailureCostParameters extends Pick<CoinsRun, "seed" | "failureShare" | "tasks" | "attempts"> {
  readonly threads: number;
  /** Between attempts. */
  readonly delays: "none" | "default";
  /** Repeats of the compute kernel in each attempt. */
  readonly kernel: number;
  readonly ratePerSecond: number;
  readonly durationMs: number;
}

export interface FailureCostSample {
  /** Encoded; of runs that complete and runs that fail alike. */
  readonly latency: string;
  /** Of the load generator, encoded. */
  readonly lateness: string;
  readonly fates: string;
  readonly runs: number;
  readonly completed: number;
  readonly attempts: Wasted;
}

/** Attempts that were executed, those that failed among them, and the time spent in both. */
export interface Wasted {
  readonly all: number;
  readonly failed: number;
  readonly allMs: number;
  readonly failedMs: number;
}

/** At once before the load, so that code is warm. */
const WARM_RUNS = 200;

/** Rejects when a run ends otherwise than its coins decide. */
export async function measureFailureCosts(parameters: FailureCostParameters): Promise<FailureCostSample> {
  const { threads, ratePerSecond, durationMs, seed, failureShare } = parameters;
  const { coins } = await loadCoins(parameters);
  await using engine = await DataFlower.start({ workflows: [coins], workers: threads, store: "memory:", record: true });
  const fates: Fate[] = [];
  const listed: (() => Promise<readonly TaskRecord[]>)[] = [];
  const run = async (runId: string): Promise<Fate> => {
    const begun = await engine.submit(coins, { seed, failureShare }, { runId });
    const fate = checkEnd({ ...parameters, runId }, await begun.result().catch(asFailure));
    listed.push(() => begun.tasks());
    return fate;
  };
  await Promise.all(Array.from({ length: WARM_RUNS }, (_, warm) => run(`warm-${warm}`)));
  listed.length = 0;
  const { latency, lateness } = await measureArrivals({
    ...{ ratePerSecond, durationMs, seed },
    run: async (index) => {
      fates[index] = await run(`cost-${index}`);
    },
  });
  const attempts = wastedOf((await Promise.all(listed.map((list) => list()))).flat());
  const completed = fates.filter(({ kind }) => kind === "completes").length;
  return { latency, lateness, fates: digestOf(fates), runs: fates.length, completed, attempts };
}

const tossed = /^coin-\d+$/;

/** Of the attempts at tosses: what gathers them is not counted. */
export function wastedOf(records: readonly Pick<TaskRecord, "name" | "outcome" | "startedAt" | "endedAt">[]): Wasted {
  const wasted = { all: 0, failed: 0, allMs: 0, failedMs: 0 };
  for (const { name, outcome, startedAt, endedAt } of records) {
    if (!tossed.test(name)) continue;
    wasted.all++;
    wasted.allMs += endedAt - startedAt;
    if (outcome === "returned") continue;
    wasted.failed++;
    wasted.failedMs += endedAt - startedAt;
  }
  return wasted;
}
