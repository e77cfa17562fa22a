import { DataFlower, type Engine, type EngineOptions, type Workflow } from "dataflower";
import type { Load } from "../../harness/load.js";
import { inputOf } from "../../workloads/inputs.js";
import type { Output } from "../../workloads/task-graph.js";
import type { Contender, Session, Setting } from "./contender.js";
import type { Attempts } from "./graph-as-workflow.js";

type WorkflowModule = typeof import("./dataflower-workflow.js");

/** DataFlower: everything it promises is on. */
export const contender: Contender = dataflower("default");

/**
 * Many runs go through `submitAll`, single ones through `run`.
 *
 * @param options in place of those that the other contenders are compared with
 */
export function dataflower(attempts: Attempts, options: EngineOptions = {}): Contender {
  return {
    async open(setting) {
      const { taskGraph } = await loadTaskGraph(setting, attempts);
      const engine = await DataFlower.start({
        workflows: [taskGraph],
        workers: setting.threads,
        store: "memory:",
        profile: setting.profile ?? "throughput",
        ...options,
      });
      return sessionOf(engine, taskGraph);
    },
  };
}

/** Runs of one workflow on an engine, which is closed with the session. */
export function sessionOf(engine: Engine, workflow: Workflow<Output, readonly Output[]>): Session {
  return {
    run: (input) => engine.run(workflow, input),
    async drive(load) {
      for await (const settled of engine.submitAll(workflow, inputsOf(load), { inFlight: load.inFlight })) {
        if (settled.status !== "completed") throw settled.error;
        load.accept(settled.index, settled.output);
      }
    },
    latency: (kind) => engine.latency(kind),
    close: () => engine.close(),
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
