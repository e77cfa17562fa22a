import { type Output, sourceInputs, type TaskGraph } from "../../workloads/task-graph.js";

/** Executes one task on a thread of a pool: one message there, one back. */
export type Execute = (inputs: readonly Output[]) => PromiseLike<Output>;

/** A pool knows no graph, so the edges are promises on the calling thread and every task is one message. Used by all pools alike. */
export function runOverPool({ size, parents, sinks }: TaskGraph, execute: Execute, input: Output): Promise<Output[]> {
  const promises = new Array<PromiseLike<Output>>(size);
  for (let task = 0; task < size; task++) {
    const from = parents[task]!;
    if (from.length === 0) {
      promises[task] = execute(sourceInputs(task, input));
      continue;
    }
    const inputs = new Array<PromiseLike<Output>>(from.length);
    for (let k = 0; k < from.length; k++) inputs[k] = promises[from[k]!]!;
    promises[task] = Promise.all(inputs).then(execute);
  }
  return Promise.all(sinks.map((sink) => promises[sink]!));
}
