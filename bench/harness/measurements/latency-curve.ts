import { graphOf } from "../../workloads/graphs.js";
import { measureOpenLoop, type OpenLoopResult } from "../open-loop/open-loop.js";
import { achievedPerSecond, judged } from "../open-loop/verdict.js";
import { OFFERED_PER_SECOND_MAX, timedOneByOne } from "./latency.js";
import { type GraphParameters, warmAndMeasure, withSession } from "./throughput.js";

/** A closed loop to find the capacity, then an open loop at each of several shares of it, in one session. */
export interface LatencyCurveParameters extends GraphParameters {
  readonly measure: "latency-curve";
  /** Offered load as shares of the capacity. */
  readonly shares: readonly number[];
  /** At each share. */
  readonly openLoopMs: number;
  readonly seed: number;
}

export interface LatencyCurveSample {
  readonly capacityPerSecond: number;
  /** In the order of the shares; without those of more than `OFFERED_PER_SECOND_MAX`. */
  readonly loads: readonly LoadResult[];
}

export interface LoadResult extends OpenLoopResult {
  readonly share: number;
  readonly offeredPerSecond: number;
  readonly achievedPerSecond: number;
}

export async function measureLatencyCurve(
  contender: string,
  workload: string,
  parameters: LatencyCurveParameters,
): Promise<LatencyCurveSample> {
  const graph = graphOf(workload);
  const { shares, openLoopMs: durationMs, seed } = parameters;
  return withSession(contender, graph, parameters, async (session) => {
    const { runsPerSecond: capacityPerSecond } = await warmAndMeasure(timedOneByOne(session), graph, parameters);
    const loads: LoadResult[] = [];
    for (const share of shares) {
      const offeredPerSecond = capacityPerSecond * share;
      if (offeredPerSecond > OFFERED_PER_SECOND_MAX) continue;
      const result = await measureOpenLoop(session, { graph, ratePerSecond: offeredPerSecond, durationMs, seed });
      loads.push({ share, offeredPerSecond, achievedPerSecond: achievedPerSecond(result, durationMs), ...judged(result, durationMs) });
    }
    return { capacityPerSecond, loads };
  });
}
