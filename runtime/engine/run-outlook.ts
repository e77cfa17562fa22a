import { type Graph, NODE_EXPAND_REDUCE, NODE_TASK } from "../../actors/workflow/graph.js";
import { remainingPaths } from "../../actors/workflow/remaining-path.js";

/** What the estimates of a workflow's tasks say of a run of it. Worked out when it is first asked for. */
export class RunOutlook {
  readonly #graph: Graph;
  #workMs: number | undefined;
  #pathMs: number | undefined;

  constructor(graph: Graph) {
    this.#graph = graph;
  }

  /** Work of all tasks in ms, what a map repeats counted once; undefined unless each of them has an estimate. */
  get workMs(): number | undefined {
    this.#workMs ??= workOf(this.#graph);
    return this.#workMs >= 0 ? this.#workMs : undefined;
  }

  /** See `remainingPath` of TaskFacts: from the start of the run. */
  get pathMs(): number {
    this.#pathMs ??= remainingPaths(this.#graph)
      .subarray(0, this.#graph.first[1])
      .reduce((longest, ms) => Math.max(longest, ms), 0);
    return this.#pathMs;
  }
}

/** NaN where a task has no estimate. */
function workOf(graph: Graph): number {
  let sum = 0;
  for (let node = 0; node < graph.nodeCount; node++) {
    const { kind } = graph;
    if (kind[node] === NODE_TASK || kind[node] === NODE_EXPAND_REDUCE) sum += graph.options(node).estimateMs ?? Number.NaN;
  }
  return sum;
}
