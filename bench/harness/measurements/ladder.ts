import { rungOf } from "../../ladder/rungs.js";
import { graphOf } from "../../workloads/graphs.js";
import type { Throughput } from "../closed-loop.js";
import { type GraphParameters, warmAndMeasure } from "./throughput.js";

/** One rung of the cost ladder in a closed loop after a warm-up. Its name stands in the place of the contender. */
export interface LadderParameters extends GraphParameters {
  readonly measure: "ladder";
}

/** Rejects when an answer is wrong. */
export async function measureLadder(rung: string, workload: string, parameters: LadderParameters): Promise<Throughput> {
  const graph = graphOf(workload);
  const session = await (await rungOf(rung)).open({ graph, threads: parameters.threads, handlers: parameters.handlers });
  try {
    return await warmAndMeasure(session, graph, parameters);
  } finally {
    await session.close();
  }
}
