import { LoneWorker } from "../ladder/lone-worker.js";
import { loneWorkflow } from "../ladder/lone-workflow.js";
import type { Attempts } from "../peers/graph/graph-as-workflow.js";
import { Answers, inputOf } from "../workloads/inputs.js";
import { stencil } from "../workloads/stencil.js";
import type { Output } from "../workloads/task-graph.js";
import { mustHold, type Operation } from "./operation.js";

const TASKS = 100;

/** A task from the moment its inputs exist to the moment its successors have heard of it, among actors on one thread; its share of the run. */
export function workflowOperations(): Operation[] {
  return [taskOperation("once"), taskOperation("default")];
}

function taskOperation(attempts: Attempts): Operation {
  const graph = stencil(TASKS);
  const worker = new LoneWorker(loneWorkflow(graph, attempts), { isMeasuring: true });
  const answers = new Answers(graph);
  let runs = 0;
  let last: readonly Output[] = [];
  return {
    name: `workflow: task of a stencil of ${TASKS} by actors on one thread, ${attempts === "once" ? "tried once" : "to be tried again"}`,
    calls: TASKS,
    run() {
      last = worker.run(inputOf(runs++)) as readonly Output[]; // what the workflow gives
    },
    check() {
      mustHold(runs > 0, "there must be an answer");
      answers.check(runs - 1, last);
    },
  };
}
