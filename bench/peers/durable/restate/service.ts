/**
 * The service that Restate calls, a process of its own, as its SDK wants a newer Node:
 *
 *     node dist/bench/peers/durable/restate/service.js SDK GRAPH PORT
 *
 * It prints `listening` once Restate can call it. The handler executes a task graph: every task is a step (`ctx.run`) whose output Restate has on its disk before the
 * handler sees it. Handlers must do the same in every execution, so tasks start level by level, all of a level together, as the documentation has it.
 */
import { pathToFileURL } from "node:url";
import { graphOf } from "../../../workloads/graphs.js";
import { type Output, sourceInputs, step } from "../../../workloads/task-graph.js";
import { levelsOf } from "./levels.js";

/** As much of the SDK as is used here; where it is, is known only when it runs. */
interface Sdk {
  service(definition: object): unknown;
  serve(options: { readonly services: readonly unknown[]; readonly port: number }): Promise<unknown>;
  readonly RestatePromise: { all<T>(steps: readonly PromiseLike<T>[]): PromiseLike<T[]> };
}

interface Context {
  run<T>(name: string, body: () => T): PromiseLike<T>;
}

const [sdkFile = "", graphName = "", port = ""] = process.argv.slice(2);
const sdk = (await import(pathToFileURL(sdkFile).href)) as Sdk; // as: see Sdk
const graph = graphOf(graphName);
const { body = step } = graph;
const levels = levelsOf(graph);

async function execute(context: Context, input: Output): Promise<Output[]> {
  const outputs = new Array<Output>(graph.size);
  const start = (task: number) => {
    const from = graph.parents[task]!;
    const inputs = from.length === 0 ? sourceInputs(task, input) : from.map((parent) => outputs[parent]!);
    return context.run(`task ${task}`, () => body(inputs));
  };
  for (const level of levels) {
    const ended = level.length === 1 ? [await start(level[0]!)] : await sdk.RestatePromise.all(level.map(start));
    for (const [index, task] of level.entries()) outputs[task] = ended[index]!;
  }
  return graph.sinks.map((sink) => outputs[sink]!);
}

const service = sdk.service({ name: "graph", handlers: { execute } });
await sdk.serve({ services: [service], port: Number(port) });
process.stdout.write("listening\n");
