import { type Output, sourceInputs, step, type TaskGraph } from "../../workloads/task-graph.js";
import type { Contender } from "./contender.js";

/** A plain loop over the tasks in topological order, one run after the other, on one thread: what the work itself costs. It has no handlers to wait for. */
export const contender: Contender = {
  async open({ graph }) {
    return { run: (input) => runInOrder(graph, input), close: async () => {} };
  },
};

export function runInOrder({ size, parents, sinks }: TaskGraph, input: Output): Output[] {
  const outputs = new Array<Output>(size);
  for (let task = 0; task < size; task++) {
    const from = parents[task]!;
    if (from.length === 0) {
      outputs[task] = step(sourceInputs(task, input));
      continue;
    }
    const inputs = new Array<Output>(from.length);
    for (let k = 0; k < from.length; k++) inputs[k] = outputs[from[k]!]!;
    outputs[task] = step(inputs);
  }
  return sinks.map((sink) => outputs[sink]!);
}
