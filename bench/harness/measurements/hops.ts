import { DataFlower, type Latency } from "dataflower";
import { countedPairs, type HopKind, hopRowsOf } from "../../workloads/hop-rows.js";
import { hopWorkflows } from "../../workloads/hop-rows-workflow.js";
import { LatencyHistogram } from "../latency-histogram.js";

/** How long it takes from the task that makes another one ready to the start of that one on the other worker. */
export interface HopParameters {
  readonly measure: "hops";
  readonly kind: HopKind;
  /** Runs that do not count. */
  readonly warmupRuns: number;
  /** Pairs of tasks that become ready together, at least. */
  readonly pairs: number;
}

export interface HopSample {
  readonly pairs: number;
  /** Pairs that nobody came for in time: they are among the hops with the time that passed until then, which is less than a hop would have taken. */
  readonly stayed: number;
  /** From the end of one task to the start of the next on the other worker, by the tasks' own clocks; encoded, see LatencyHistogram. */
  readonly hops: string;
  /** What the engine itself has recorded, in µs, warm-up and all pairs included: from the offer of a task to its taking by a guest. */
  readonly own: Pick<Latency, "count" | "p50">;
}

/** Two workers, one run at a time. Rejects when an answer is wrong. */
export async function measureHops({ kind, warmupRuns, pairs: wanted }: HopParameters): Promise<HopSample> {
  const rows = hopRowsOf(kind);
  const workflow = hopWorkflows[kind];
  await using engine = await DataFlower.start({ workflows: [workflow], workers: 2, store: "memory:" });
  for (let run = 0; run < warmupRuns; run++) countedPairs(rows, await engine.run(workflow, {}));
  const hops = LatencyHistogram.empty();
  let stayed = 0;
  while (hops.count < wanted) {
    for (const { hopMs, hasStayed } of countedPairs(rows, await engine.run(workflow, {}))) {
      hops.recordMs(hopMs);
      if (hasStayed) stayed += 1;
    }
  }
  const { count, p50 } = await engine.latency("hop");
  return { pairs: hops.count, stayed, hops: hops.encoded(), own: { count, p50 } };
}
