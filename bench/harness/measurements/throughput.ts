import type { Session, Setting } from "../../peers/graph/contender.js";
import { contenderOf } from "../../peers/graph/contenders.js";
import { graphOf } from "../../workloads/graphs.js";
import type { TaskGraph } from "../../workloads/task-graph.js";
import { measureClosedLoop, type Throughput } from "../closed-loop.js";

/** What every measurement of task graphs is given. Durations in ms. */
export interface GraphParameters extends Pick<Setting, "threads" | "handlers" | "profile"> {
  /** Runs in flight while throughput or capacity is measured. */
  readonly inFlight: number;
  readonly warmupMs: number;
  readonly measureMs: number;
}

/** A closed loop after a warm-up. */
export interface ThroughputParameters extends GraphParameters {
  readonly measure: "throughput";
}

export async function measureThroughput(contender: string, workload: string, parameters: ThroughputParameters): Promise<Throughput> {
  const graph = graphOf(workload);
  return withSession(contender, graph, parameters, (session) => warmAndMeasure(session, graph, parameters));
}

/** During warm-up: enough to compile everything and to wake every thread; slow contenders would spend seconds on more. */
const WARMUP_IN_FLIGHT = 8;

export async function warmAndMeasure(
  session: Session,
  graph: TaskGraph,
  { inFlight, warmupMs, measureMs }: Pick<GraphParameters, "inFlight" | "warmupMs" | "measureMs">,
): Promise<Throughput> {
  await measureClosedLoop(session, { graph, inFlight: Math.min(inFlight, WARMUP_IN_FLIGHT), durationMs: warmupMs });
  return measureClosedLoop(session, { graph, inFlight, durationMs: measureMs });
}

/** Opens a contender for as long as it is used. */
export async function withSession<T>(
  contender: string,
  graph: TaskGraph,
  { threads, handlers, profile }: GraphParameters,
  use: (session: Session) => Promise<T>,
): Promise<T> {
  const session = await (await contenderOf(contender)).open({ graph, threads, handlers, ...(profile && { profile }) });
  try {
    return await use(session);
  } finally {
    await session.close();
  }
}
