import { LoadedWorkflow } from "../../actors/workflow/loaded-workflow.js";
import { LocalMemory } from "../../actors/workflow/local-memory.js";
import { localSpace } from "../../actors/workflow/local-space.js";
import { RegionShape } from "../../actors/workflow/region-shape.js";
import { ReadyTask, Run } from "../../actors/workflow/run.js";
import { Scope } from "../../actors/workflow/scope.js";
import { compile } from "../../runtime/authoring/compile.js";
import { openGraph } from "../../runtime/authoring/topology.js";
import { type Attempts, graphAsWorkflow } from "../peers/graph/graph-as-workflow.js";
import type { TaskGraph } from "../workloads/task-graph.js";

/** A task graph as a worker holds it: compiled, with synchronous handlers. */
export function loneWorkflow(graph: TaskGraph, attempts: Attempts): LoadedWorkflow {
  const written = graphAsWorkflow({ graph, handlers: "sync", attempts, module: import.meta.url });
  const { name, topology, handlers, whenTaskFails } = compile(written);
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
    pastBlock: 0,
  };
  const place = { workflow, home: 0, isGuest: false, idPrefix: "", past: undefined };
  return new Run(facts, place, workflow.makeReady<ReadyTask>(), localSpace);
}

/** The first task of a run, ready to be executed: for parts that are measured apart from the actors. */
export function firstTask(workflow: LoadedWorkflow): ReadyTask {
  const run = loneRun(workflow, 0, 0);
  const shape = new RegionShape(workflow.graph, 0, 1, 0);
  run.root = new Scope(workflow, shape, undefined, -1, new LocalMemory(shape));
  const [instance = 0] = workflow.roots[0] ?? [];
  return new ReadyTask(run, run.root, instance, shape.nodeOf(instance), 0);
}
