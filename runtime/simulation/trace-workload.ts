import { placeOfTask } from "../authoring/compile-listed.js";
import { openGraph } from "../authoring/topology.js";
import type { Trace } from "../authoring/wfformat/trace.js";
import { traceWorkflow } from "../authoring/wfformat/trace-workflow.js";
import type { SimulatedWorkflow } from "./workload.js";

/** A trace as a workflow to be simulated: its tasks take as long and as many cores as they were recorded to take, and read as much. */
export function simulatedTrace(trace: Trace): SimulatedWorkflow {
  const { name, topology } = traceWorkflow(trace, { body: "none", timeScale: 1, reservesCores: true });
  const graph = openGraph(topology);
  const durationsMs = new Float64Array(graph.nodeCount);
  const inputBytes = new Float64Array(graph.nodeCount);
  trace.tasks.forEach((task, position) => {
    durationsMs[placeOfTask(position)] = task.runtimeMs;
    inputBytes[placeOfTask(position)] = task.inputBytes;
  });
  return { name, graph, durationMs: (node) => durationsMs[node]!, inputBytes };
}
