import { LoadedWorkflow } from "../../actors/workflow/loaded-workflow.js";
import { localSpace } from "../../actors/workflow/local-space.js";
import { type ReadyTask, Run } from "../../actors/workflow/run.js";
import { compile } from "../../runtime/authoring/compile.js";
import { openGraph } from "../../runtime/authoring/topology.js";
import { type Attempts, loadTaskGraph } from "../peers/graph/dataflower.js";
import type { TaskGraph } from "../workloads/task-graph.js";

/** A task graph as a worker holds it: compiled, with synchronous handlers. */
export async function loadLoneWorkflow(graph: TaskGraph, attempts: Attempts): Promise<LoadedWorkflow> {
  const { taskGraph } = await loadTaskGraph({ graph, handlers: "sync" }, attempts);
  const { name, topology, handlers, whenTaskFails } = compile(taskGraph);
  return new LoadedWorkflow({ id: 0, name, graph: openGraph(topology), handlers, whenTaskFails });
}

/** A run at home on the only worker there is, under no other name than its number. */
export function loneRun(workflow: LoadedWorkflow, order: number, submittedAt: number): Run {
  const facts = {
    slot: 0,
    epoch: 1,
    ownId: undefined,
    order,
    rank: 0,
    submittedAt,
    priority: 0,
    deadline: Number.NaN,
    fence: 1,
    chargesBlock: 0,
  };
  const place = { workflow, home: 0, isGuest: false, idPrefix: "", charges: undefined };
  return new Run(facts, place, workflow.makeReady<ReadyTask>(), localSpace);
}
