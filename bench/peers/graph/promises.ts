import { type Output, sourceInputs, step, stepAsync, type TaskGraph } from "../../workloads/task-graph.js";
import type { Contender } from "./contender.js";

/**
 * A promise a task and `Promise.all` over the promises of its parents, on one thread: what everybody would write without a library.
 *
 * One run in flight measured best (three times the rate of 64): nothing of it ever waits for anything, and more promises alive at
 * once only cost more garbage collection.
 */
export const contender: Contender = {
  async open({ graph, handlers }) {
    const body = handlers === "sync" ? step : stepAsync;
    return { run: (input) => runWithPromises(graph, body, input), inFlightMax: 1, close: async () => {} };
  },
};

type Body = (inputs: readonly Output[]) => Output | Promise<Output>;

/** Loops instead of `map`: a third faster. */
export function runWithPromises({ size, parents, sinks }: TaskGraph, body: Body, input: Output): Promise<Output[]> {
  const promises = new Array<Promise<Output>>(size);
  for (let task = 0; task < size; task++) {
    const from = parents[task]!;
    if (from.length === 0) {
      promises[task] = Promise.resolve(body(sourceInputs(task, input)));
      continue;
    }
    const inputs = new Array<Promise<Output>>(from.length);
    for (let k = 0; k < from.length; k++) inputs[k] = promises[from[k]!]!;
    promises[task] = Promise.all(inputs).then(body);
  }
  return Promise.all(sinks.map((sink) => promises[sink]!));
}
