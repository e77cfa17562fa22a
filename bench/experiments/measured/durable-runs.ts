import { performance } from "node:perf_hooks";
import { LatencyHistogram } from "../../harness/latency-histogram.js";
import { type DurableParameters, withDurableSession } from "../../harness/measurements/durable.js";
import type { Session } from "../../peers/graph/contender.js";
import { graphOf } from "../../workloads/graphs.js";
import { Answers, inputOf } from "../../workloads/inputs.js";
import type { TaskGraph } from "../../workloads/task-graph.js";

/** Runs that are kept, one at a time. */
export interface DurableRuns extends Pick<DurableParameters, "threads" | "store" | "durability" | "commit"> {
  readonly contender: string;
  readonly workload: string;
  /** That do not count. */
  readonly warmupRuns: number;
  readonly runs: number;
}

export interface DurableRunsSample {
  /** Nearest ranks among the runs of this process, in ms. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Encoded, see LatencyHistogram. */
  readonly latencies: string;
}

/** From the submission of each run to its durable answer. Rejects when an answer is wrong. */
export function measureDurableRuns(wanted: DurableRuns): Promise<DurableRunsSample> {
  const graph = graphOf(wanted.workload);
  return withDurableSession(wanted.contender, graph, wanted, (session) => measureRuns(session, graph, wanted));
}

export async function measureRuns(
  session: Session,
  graph: TaskGraph,
  { warmupRuns, runs }: Pick<DurableRuns, "warmupRuns" | "runs">,
): Promise<DurableRunsSample> {
  const answers = new Answers(graph);
  const [latencies, allMs] = [LatencyHistogram.empty(), [] as number[]];
  for (let run = 0; run < warmupRuns + runs; run++) {
    const startMs = performance.now();
    const answer = await session.run(inputOf(run));
    const ms = performance.now() - startMs;
    answers.check(run, answer);
    if (run < warmupRuns) continue;
    latencies.recordMs(ms);
    allMs.push(ms);
  }
  allMs.sort((a, b) => a - b);
  const rank = (share: number): number => allMs[Math.ceil(share * allMs.length) - 1]!;
  return { p50Ms: rank(0.5), p99Ms: rank(0.99), latencies: latencies.encoded() };
}
