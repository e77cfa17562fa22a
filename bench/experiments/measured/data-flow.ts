import { performance } from "node:perf_hooks";
import { LatencyHistogram } from "../../harness/latency-histogram.js";
import { warmAndMeasure } from "../../harness/measurements/throughput.js";
import { openStore } from "../../harness/store.js";
import { controlFlow } from "../../peers/control-flow/control-flow.js";
import type { Commit } from "../../peers/durable/contender.js";
import { contender as dataFlow } from "../../peers/durable/dataflower.js";
import { graphOf } from "../../workloads/graphs.js";
import { Answers, inputOf } from "../../workloads/inputs.js";

export interface DataFlowArgument {
  readonly release: "local" | "control";
  readonly commit: Commit;
  readonly threads: number;
  /** The graph of which one run at a time is timed, after as many as `warmupRuns`. */
  readonly latencyWorkload: string;
  readonly warmupRuns: number;
  readonly runs: number;
  /** The graph of which many runs are in flight. */
  readonly peakWorkload: string;
  readonly inFlight: number;
  readonly warmupMs: number;
  readonly measureMs: number;
}

export interface DataFlowFound {
  /** Of each run from its start to its answer; encoded. */
  readonly latency: string;
  readonly tasksPerSecond: number;
}

/** Both in LMDB, which survives the death of the process. Rejects when an answer is wrong. */
export async function measureDataFlow(argument: DataFlowArgument): Promise<DataFlowFound> {
  const latency = await latencyOf(argument);
  const graph = graphOf(argument.peakWorkload);
  const { tasksPerSecond } = await withSession(argument, argument.peakWorkload, (session) => warmAndMeasure(session, graph, argument));
  return { latency, tasksPerSecond };
}

type Session = Awaited<ReturnType<typeof dataFlow.open>>;

async function withSession<T>(
  { release, commit, threads }: DataFlowArgument,
  workload: string,
  use: (session: Session) => Promise<T>,
): Promise<T> {
  const { open } = release === "local" ? dataFlow : controlFlow;
  const store = await openStore("lmdb", "process");
  try {
    const session = await open({ graph: graphOf(workload), threads, store: store.url, durability: "process", commit });
    try {
      return await use(session);
    } finally {
      await session.close();
    }
  } finally {
    await store.close();
  }
}

function latencyOf(argument: DataFlowArgument): Promise<string> {
  const { latencyWorkload, warmupRuns, runs } = argument;
  const answers = new Answers(graphOf(latencyWorkload));
  return withSession(argument, latencyWorkload, async (session) => {
    const histogram = LatencyHistogram.empty();
    for (let run = 0; run < warmupRuns + runs; run++) {
      const startMs = performance.now();
      answers.check(run, await session.run(inputOf(run)));
      if (run >= warmupRuns) histogram.recordMs(performance.now() - startMs);
    }
    return histogram.encoded();
  });
}
