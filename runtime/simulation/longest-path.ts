import { type Graph, NODE_TASK } from "../../actors/workflow/graph.js";
import type { SimulatedWorkflow } from "./workload.js";

/** The param and one task. */
const singleTaskNodes = 2;

/** Length in ms of a workflow's longest path, by the durations of its tasks. It has one region. */
export function longestPathMs(workflow: SimulatedWorkflow): number {
  return workflow.graph.nodeCount === singleTaskNodes ? workflow.durationMs(1) : longestPathOf(workflow);
}

function longestPathOf({ graph, durationMs }: SimulatedWorkflow): number {
  const endsMs = new Float64Array(graph.nodeCount); // when a node ends at the earliest; before its turn: when it can start
  const missing = graph.missing.slice();
  const free: number[] = [];
  for (let node = 0; node < graph.nodeCount; node++) if (missing[node] === 0) free.push(node);
  let longestMs = 0;
  for (let node = free.pop(); node !== undefined; node = free.pop()) {
    const endMs = (endsMs[node] as number) + (graph.kind[node] === NODE_TASK ? durationMs(node) : 0);
    longestMs = Math.max(longestMs, endMs);
    for (const successor of successorsOf(graph, node)) {
      endsMs[successor] = Math.max(endsMs[successor] as number, endMs);
      const left = (missing[successor] as number) - 1;
      missing[successor] = left;
      if (left === 0) free.push(successor);
    }
  }
  return longestMs;
}

const successorsOf = (graph: Graph, node: number): Int32Array =>
  graph.successor.subarray(graph.successorFirst[node], graph.successorFirst[node + 1]);
