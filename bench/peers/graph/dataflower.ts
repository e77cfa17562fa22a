import { DataFlower } from "dataflower";
import type { Load } from "../../harness/load.js";
import { inputOf } from "../../workloads/inputs.js";
import type { Output } from "../../workloads/task-graph.js";
import type { Contender, Setting } from "./contender.js";

type WorkflowModule = typeof import("./dataflower-workflow.js");

/** Whether tasks may fail and take as long as the defaults say, or are tried once and never watched. */
export type Attempts = "default" | "once";

/** DataFlower: everything it promises is on. */
export const contender: Contender = dataflower("default");

/** Many runs go through `submitAll`, single ones through `run`. */
export function dataflower(attempts: Attempts): Contender {
  return {
    async open(setting) {
      const { taskGraph } = await loadTaskGraph(setting, attempts);
      const { threads, profile = "throughput" } = setting;
      const engine = await DataFlower.start({ workflows: [taskGraph], workers: threads, store: "memory:", profile });
      return {
        run: (input) => engine.run(taskGraph, input),
        async drive(load) {
          for await (const settled of engine.submitAll(taskGraph, inputsOf(load), { inFlight: load.inFlight })) {
            if (settled.status !== "completed") throw settled.error;
            load.accept(settled.index, settled.output);
          }
        },
        latency: (kind) => engine.latency(kind),
        close: () => engine.close(),
      };
    },
  };
}

export function loadTaskGraph(
  { graph, handlers }: Pick<Setting, "graph" | "handlers">,
  attempts: Attempts = "default",
): Promise<WorkflowModule> {
  const address = new URL("./dataflower-workflow.js", import.meta.url);
  address.search = new URLSearchParams({ graph: graph.name, handlers, attempts }).toString();
  return import(address.href);
}

function* inputsOf(load: Load): Generator<Output> {
  for (let run = load.next(); run !== undefined; run = load.next()) yield inputOf(run);
}
