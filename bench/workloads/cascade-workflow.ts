import { type Ref, type TaskContext, type TaskOptions, workflow } from "dataflower";
import { type CascadeInput, FALLBACK, type Handling, taskName } from "./cascade.js";
import { falls, type Toss } from "./coins.js";
import { graphOf } from "./graphs.js";
import { type Output, sourceInputs, step } from "./task-graph.js";

/** Workers import this module by its address, which says what the graph is and what failures mean: `cascade-workflow.js?graph=stencil-100&handling=stop`. */
const query = new URL(import.meta.url).searchParams;
const graph = graphOf(query.get("graph") ?? "");
const handling = query.get("handling") as Handling; // as: cascades.ts makes the address

const defaults: Pick<TaskOptions<unknown>, "retry" | "onFailure"> = {
  retry: 1,
  ...(handling === "skip-dependents" && { onFailure: handling }),
};

/** A graph each of whose tasks is tried once, and fails when its coin falls. */
export const cascade = workflow(
  { name: `${graph.name}-${handling}`, module: import.meta.url, defaults, whenTaskFails: handling === "continue" ? "continue" : "stop" },
  (flow, { toss, input }: Ref<CascadeInput>) => {
    const outputs: Ref<Output>[] = [];
    for (const [task, from] of graph.parents.entries()) {
      const inputs = from.length === 0 ? sourceInputs(task, input) : from.map((parent) => outputs[parent]!);
      const options = { name: taskName(task), ...(handling === "fallback" && { fallback: FALLBACK }) };
      outputs.push(flow.task(stepOrFail, { toss, inputs }, options));
    }
    return graph.sinks.map((sink) => outputs[sink]!);
  },
);

function stepOrFail({ toss, inputs }: { toss: Toss; inputs: readonly Output[] }, { runId, taskId }: TaskContext): Output {
  if (falls(toss, runId, taskId, 1)) throw new Error(`${taskId} has lost its toss`);
  return step(inputs);
}
