import { type Ref, workflow } from "dataflower";
import { type Output, sourceInputs } from "./task-graph.js";
import { waitingChain, waitingStep } from "./waiting-chain.js";

/** The waiting chain as a workflow. Workers import it by its address, which says how it is: `waiting-chain-workflow.js?tasks=5&waitMs=20`. */
const query = new URL(import.meta.url).searchParams;
const [tasks, waitMs] = [Number(query.get("tasks")), Number(query.get("waitMs"))];
const body = waitingStep(waitMs);

export const waitingWorkflow = workflow(
  { name: waitingChain({ tasks, waitMs }).name, module: import.meta.url },
  (flow, input: Ref<Output>): Ref<Output>[] => {
    let last = flow.task(body, sourceInputs(0, input));
    for (let task = 1; task < tasks; task++) last = flow.task(body, [last]);
    return [last];
  },
);
