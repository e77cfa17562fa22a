import { DataFlower } from "dataflower";
import { loadTaskGraph } from "../../peers/graph/dataflower.js";
import { graphOf } from "../../workloads/graphs.js";
import { Answers, inputOf } from "../../workloads/inputs.js";
import type { Output } from "../../workloads/task-graph.js";

/** Many runs in a row. The workload is the name of their graph. */
export interface ResidentMemoryParameters {
  readonly measure: "resident-memory";
  readonly threads: number;
  readonly runs: number;
  readonly inFlight: number;
  /** Runs from one reading to the next. */
  readonly readEvery: number;
}

export interface ResidentMemorySample {
  /** What the whole process had in memory after so many runs. */
  readonly readings: readonly { readonly runs: number; readonly residentBytes: number }[];
}

/** Rejects when an answer is wrong. */
export async function measureResidentMemory(workload: string, parameters: ResidentMemoryParameters): Promise<ResidentMemorySample> {
  const { threads, runs, inFlight, readEvery } = parameters;
  const graph = graphOf(workload);
  const answers = new Answers(graph);
  const { taskGraph } = await loadTaskGraph({ graph, handlers: "sync" });
  await using engine = await DataFlower.start({ workflows: [taskGraph], workers: threads, store: "memory:" });
  const readings: { runs: number; residentBytes: number }[] = [];
  let ended = 0;
  for await (const settled of engine.submitAll(taskGraph, inputs(runs), { inFlight })) {
    if (settled.status !== "completed") throw settled.error;
    answers.check(settled.index, settled.output);
    if (++ended % readEvery === 0) readings.push({ runs: ended, residentBytes: process.memoryUsage.rss() });
  }
  return { readings };
}

function* inputs(runs: number): Generator<Output> {
  for (let run = 0; run < runs; run++) yield inputOf(run);
}
