import type { Latency } from "dataflower";
import type { Session } from "../../peers/graph/contender.js";
import { graphOf } from "../../workloads/graphs.js";
import { monotonicMs } from "../clock.js";
import { LatencyHistogram } from "../latency-histogram.js";
import { measureOpenLoop, type OpenLoopResult } from "../open-loop/open-loop.js";
import { judged } from "../open-loop/verdict.js";
import { type GraphParameters, warmAndMeasure, withSession } from "./throughput.js";

/** A closed loop to find the capacity, then an open loop at a share of it. */
export interface LatencyParameters extends GraphParameters {
  readonly measure: "latency";
  /** Offered load as a share of the capacity. */
  readonly share: number;
  readonly openLoopMs: number;
  readonly seed: number;
}

export interface LatencySample extends OpenLoopResult {
  readonly capacityPerSecond: number;
  readonly offeredPerSecond: number;
  /** What the contender itself recorded while the load ran, in microseconds. */
  readonly own?: { readonly queue: OwnLatency; readonly service: OwnLatency };
}
export type OwnLatency = Pick<Latency, "count" | "p50" | "p90" | "p99" | "max">;

/** Beyond this the generator and the bookkeeping would be what is measured. */
export const OFFERED_PER_SECOND_MAX = 100_000;

/** Two sessions: what the contender records of itself during the open loop must not contain the queues of the closed one. */
export async function measureLatency(contender: string, workload: string, parameters: LatencyParameters): Promise<LatencySample> {
  const graph = graphOf(workload);
  const { runsPerSecond: capacityPerSecond } = await withSession(contender, graph, parameters, (session) =>
    warmAndMeasure(timedOneByOne(session), graph, parameters),
  );
  const offeredPerSecond = Math.min(OFFERED_PER_SECOND_MAX, capacityPerSecond * parameters.share);
  const load = { graph, ratePerSecond: offeredPerSecond, seed: parameters.seed };
  return withSession(contender, graph, parameters, async (session) => {
    await measureOpenLoop(session, { ...load, durationMs: parameters.warmupMs });
    const result = judged(await measureOpenLoop(session, { ...load, durationMs: parameters.openLoopMs }), parameters.openLoopMs);
    return { capacityPerSecond, offeredPerSecond, ...result, ...(await ownLatency(session)) };
  });
}

/** Capacity for the open loop, under its conditions: runs are started one by one, and each is timed. A batch could do more than the open loop can use. */
export function timedOneByOne(session: Session): Session {
  const latency = LatencyHistogram.empty();
  return {
    ...(session.inFlightMax === undefined ? {} : { inFlightMax: session.inFlightMax }),
    run(input) {
      const startMs = monotonicMs();
      const answer = session.run(input);
      if (!(answer instanceof Promise)) {
        latency.recordMs(monotonicMs() - startMs);
        return answer;
      }
      return answer.then((value) => {
        latency.recordMs(monotonicMs() - startMs);
        return value;
      });
    },
    close: async () => {},
  };
}

async function ownLatency(session: Session): Promise<Pick<LatencySample, "own">> {
  if (!session.latency) return {};
  const [queue, service] = await Promise.all([session.latency("queue"), session.latency("service")]);
  return { own: { queue: numbersOf(queue), service: numbersOf(service) } };
}

function numbersOf({ count, p50, p90, p99, max }: Latency): OwnLatency {
  return { count, p50, p90, p99, max };
}
