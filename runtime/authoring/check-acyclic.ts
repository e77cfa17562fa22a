import { DataFlowerError } from "../../actors/kernel/errors.js";
import type { GraphTables } from "../../actors/workflow/graph.js";
import { regionOf } from "./region-of.js";

export type Edges = Pick<GraphTables, "nodeCount" | "first" | "successorFirst" | "successor">;

const UNSEEN = 0;
const ON_PATH = 1;
const DONE = 2;

/**
 * Refuses a graph in which a task waits for itself.
 *
 * @param name of a global node
 * @throws DF_SPEC_INVALID naming a shortest way round from where the cycle was met, as `a -> b -> a`
 */
export function checkAcyclic(edges: Edges, name: (node: number) => string): void {
  const cycle = findCycle(edges);
  if (cycle === undefined) return;
  throw new DataFlowerError(
    "DF_SPEC_INVALID",
    `Cannot compile the workflow as no task may wait for itself: found ${cycle.map(name).join(" -> ")}`,
  );
}

/**
 * Depth first, with a stack of its own: a chain of a million tasks is deeper than the language's.
 *
 * @returns global nodes, the first one again at the end; undefined where there is no cycle
 */
export function findCycle(edges: Edges): number[] | undefined {
  const { successorFirst, successor, first, nodeCount } = edges;
  const state = new Uint8Array(nodeCount);
  const next = successorFirst.slice(0, nodeCount);
  const path: number[] = [];
  for (let root = 0; root < nodeCount; root++) {
    if (state[root] === UNSEEN) enter(root);
    while (path.length > 0) {
      const node = path.at(-1)!;
      if (next[node]! === successorFirst[node + 1]!) {
        state[node] = DONE;
        path.pop();
        continue;
      }
      const target = first[regionOf(edges, node)]! + successor[next[node]!++]!;
      if (state[target] === ON_PATH) return [...path.slice(path.indexOf(target)), target];
      if (state[target] === UNSEEN) enter(target);
    }
  }
  return undefined;

  function enter(node: number): void {
    state[node] = ON_PATH;
    path.push(node);
  }
}
