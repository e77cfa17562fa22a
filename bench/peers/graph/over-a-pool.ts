import { type Output, sourceInputs, type TaskGraph } from "../../workloads/task-graph.js";
import type { OpenPool } from "../pools/pool.js";
import type { Contender } from "./contender.js";

/** Executes one task on a thread of a pool. */
type Execute = (inputs: readonly Output[]) => PromiseLike<Output>;

export interface TaskAMessage {
  readonly open: OpenPool;
  /** What the threads load: it knows `step` and `stepAsync`. */
  readonly file: URL;
  /** See contender.ts. */
  readonly inFlightMax?: number;
}

/** A pool as a contender: every task is one message there and one back. */
export function taskAMessage({ open, file, inFlightMax }: TaskAMessage): Contender {
  return {
    async open({ graph, threads, handlers }) {
      const name = handlers === "sync" ? "step" : "stepAsync";
      const pool = open<readonly Output[], Output>({ threads, file, name });
      return {
        run: (input) => runOverPool(graph, pool.execute, input),
        ...(inFlightMax === undefined ? {} : { inFlightMax }),
        close: async () => void (await pool.close()),
      };
    },
  };
}

/** Whoever executes single tasks knows no graph, so the edges are promises on the calling thread. */
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
