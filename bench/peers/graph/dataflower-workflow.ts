import { type Flow, type Ref, type TaskOptions, workflow } from "dataflower";
import { graphOf } from "../../workloads/graphs.js";
import { type Output, sourceInputs, step, stepAsync, type TaskGraph } from "../../workloads/task-graph.js";

/**
 * A task graph as a workflow. Workers import this module by its address, and the address says which graph it is and how its tasks are:
 * `dataflower-workflow.js?graph=stencil-100&handlers=sync&attempts=default`.
 */
const query = new URL(import.meta.url).searchParams;
const graph = graphOf(query.get("graph") ?? "");
const body = query.get("handlers") === "async" ? stepAsync : step;
const defaults: Pick<TaskOptions<unknown>, "retry" | "timeout"> = query.get("attempts") === "once"
  ? { retry: 1, timeout: Number.POSITIVE_INFINITY }
  : {};

export const taskGraph = workflow({ name: graph.name, module: import.meta.url, defaults }, (flow, input: Ref<Output>) =>
  write(flow, input, graph),
);

function write(flow: Flow, input: Ref<Output>, { parents, sinks }: TaskGraph): Ref<Output>[] {
  const outputs: Ref<Output>[] = [];
  for (const [task, from] of parents.entries()) {
    outputs.push(flow.task(body, from.length === 0 ? sourceInputs(task, input) : from.map((parent) => outputs[parent]!)));
  }
  return sinks.map((sink) => outputs[sink]!);
}
