import async from "async";
import { type Output, sourceInputs, step, stepAsync, type TaskGraph } from "../../workloads/task-graph.js";
import type { Contender } from "./contender.js";

type Callback = (error: Error | null, output?: Output) => void;
type Outputs = Record<string, Output>;

/**
 * `async.auto` (async 3): the task table is made once and used by every run, which is faster than a new one a run. `auto()` starts the tasks without
 * parents before it returns, so they read the input of the run that is being started from a variable.
 * One run in flight measured best (64 are up to a quarter slower): nothing of it ever waits for anything.
 */
export const contender: Contender = {
  async open({ graph, handlers }) {
    let starting: Output;
    const table = handlers === "sync" ? syncTable(graph, () => starting) : asyncTable(graph, () => starting);
    const sinks = graph.sinks.map((sink) => `t${sink}`);
    return {
      async run(input) {
        starting = input;
        const outputs = await async.auto<Outputs>(table);
        return sinks.map((sink) => outputs[sink]!);
      },
      inFlightMax: 1,
      close: async () => {},
    };
  },
};

type Table = async.AsyncAutoTasks<Outputs, Error>;

function syncTable(graph: TaskGraph, input: () => Output): Table {
  return tableOf(graph, (task, names) =>
    names.length === 0
      ? (callback: Callback) => callback(null, step(sourceInputs(task, input())))
      : [...names, (outputs: Outputs, callback: Callback) => callback(null, step(names.map((name) => outputs[name]!)))],
  );
}

function asyncTable(graph: TaskGraph, input: () => Output): Table {
  return tableOf(graph, (task, names) =>
    names.length === 0
      ? async () => stepAsync(sourceInputs(task, input()))
      : [...names, async (outputs: Outputs) => stepAsync(names.map((name) => outputs[name]!))],
  );
}

function tableOf({ parents }: TaskGraph, entry: (task: number, names: string[]) => unknown): Table {
  const entries = parents.map((from, task) => {
    const names = from.map((parent) => `t${parent}`);
    return [`t${task}`, entry(task, names)] as const;
  });
  return Object.fromEntries(entries) as Table; // as: the types of `async` describe tables whose keys are written out in the source
}
