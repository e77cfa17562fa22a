import type { TaskGraph } from "../../workloads/task-graph.js";

/** Whether a graph is a tree: one task that nobody reads, every other read by exactly one. */
export function isTree({ size, parents, sinks }: TaskGraph): boolean {
  const reads = parents.flat();
  return sinks.length === 1 && reads.length === size - 1;
}
