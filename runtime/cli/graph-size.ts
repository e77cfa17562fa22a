import { type Graph, NODE_EXPAND_MAP, NODE_EXPAND_REDUCE, NODE_GATHER, NODE_PARAM } from "../../actors/workflow/graph.js";

/** How large a workflow is as it is written; what a map repeats counts once. */
export interface GraphSize {
  /** Tasks, those in the body of a map once. A map itself, and a reduce, count as one each. */
  readonly tasks: number;
  /** Pairs of them of which one waits for the other, for its data or for its end. */
  readonly edges: number;
  /** Tasks that a run executes; undefined where that depends on the length of a list. */
  readonly tasksOfRun: number | undefined;
}

export function sizeOf(graph: Graph): GraphSize {
  let tasks = 0;
  let depends = false;
  for (const kind of graph.kind) {
    if (kind !== NODE_PARAM && kind !== NODE_GATHER) tasks += 1;
    if (kind === NODE_EXPAND_MAP || kind === NODE_EXPAND_REDUCE) depends = true;
  }
  return { tasks, edges: graph.successor.length, tasksOfRun: depends ? undefined : tasks };
}
