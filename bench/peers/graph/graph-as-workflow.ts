import { type Flow, type Ref, type TaskOptions, type Workflow, workflow } from "dataflower";
import { type Output, sourceInputs, step, stepAsync, type TaskGraph } from "../../workloads/task-graph.js";
import type { Setting } from "./contender.js";

/** Whether tasks may fail and take as long as the defaults say, or are tried once and never watched. */
export type Attempts = "default" | "once";

export interface GraphAsWorkflow extends Pick<Setting, "graph" | "handlers"> {
  readonly attempts: Attempts;
  /** Where workers find it. */
  readonly module: string;
}

const once: Pick<TaskOptions<unknown>, "retry" | "timeout"> = { retry: 1, timeout: Number.POSITIVE_INFINITY };

/** A task graph as a workflow. */
export function graphAsWorkflow({ graph, handlers, attempts, module }: GraphAsWorkflow): Workflow<Output, Output[]> {
  const body = handlers === "async" ? stepAsync : (graph.body ?? step);
  return workflow({ name: graph.name, module, defaults: attempts === "once" ? once : {} }, (flow, input: Ref<Output>) =>
    write(flow, input, graph, body),
  );
}

function write(flow: Flow, input: Ref<Output>, { parents, sinks }: TaskGraph, body: typeof step | typeof stepAsync): Ref<Output>[] {
  const outputs: Ref<Output>[] = [];
  for (const [task, from] of parents.entries()) {
    outputs.push(flow.task(body, from.length === 0 ? sourceInputs(task, input) : from.map((parent) => outputs[parent]!)));
  }
  return sinks.map((sink) => outputs[sink]!);
}
