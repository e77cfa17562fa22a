import { performance } from "node:perf_hooks";
import { DataFlower } from "dataflower";
import { inputOf } from "../../workloads/inputs.js";
import { stencilAnswer } from "../../workloads/stencil.js";

type WorkflowModule = typeof import("../../workloads/large-stencil-workflow.js");

/** One run of one large graph. */
export interface LargeGraphParameters {
  readonly measure: "large-graph";
  readonly threads: number;
  readonly columns: number;
  readonly rows: number;
}

export interface LargeGraphSample {
  readonly tasks: number;
  /** Until the engine has compiled the graph and all workers have loaded it. */
  readonly startMs: number;
  readonly runMs: number;
  /** Most that the whole process has had in memory. */
  readonly residentBytesMax: number;
}

/** Rejects when the answer is wrong. */
export async function measureLargeGraph({ threads, columns, rows }: LargeGraphParameters): Promise<LargeGraphSample> {
  const { largeStencil } = await loadGraph(columns, rows);
  const beganAt = performance.now();
  await using engine = await DataFlower.start({ workflows: [largeStencil], workers: threads, store: "memory:" });
  const startedAt = performance.now();
  const answer = await engine.run(largeStencil, inputOf(0));
  const endedAt = performance.now();
  const residentBytesMax = process.resourceUsage().maxRSS * 1024;
  const expected = stencilAnswer(columns * rows, columns, inputOf(0));
  if (JSON.stringify(answer) !== JSON.stringify(expected)) throw new Error("Cannot count this run as its answer is wrong");
  return { tasks: columns * rows, startMs: startedAt - beganAt, runMs: endedAt - startedAt, residentBytesMax };
}

function loadGraph(columns: number, rows: number): Promise<WorkflowModule> {
  const address = new URL("../../workloads/large-stencil-workflow.js", import.meta.url);
  address.search = new URLSearchParams({ columns: String(columns), rows: String(rows) }).toString();
  return import(address.href);
}
