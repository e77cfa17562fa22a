import { type Graph, NODE_EXPAND_MAP } from "../../actors/workflow/graph.js";

/** What positions in a run (see taskPositions) stand for: the task's node, and what users call it. */
export interface PlacedTask {
  readonly node: number;
  readonly path: string;
}

/** Finds a task by its positions, where nothing but the graph is known: its run lives in the heap of a worker that may have ended. */
export function taskOfPositions(graph: Graph, positions: readonly number[]): PlacedTask {
  let region = 0;
  let elements = "";
  for (let depth = positions.length - 1; ; depth--) {
    const first = graph.first[region] as number;
    const stride = (graph.first[region + 1] as number) - first;
    const instance = positions[depth] as number;
    if (region !== 0) elements += `[${Math.floor(instance / stride)}]`;
    const node = first + (instance % stride);
    if (depth === 0) return { node, path: graph.name(node) + elements };
    if (graph.kind[node] !== NODE_EXPAND_MAP) return { node, path: graph.name(node) + elements }; // a call of a reduce has the options of its expand
    region = graph.extra[node] as number;
  }
}
