import { LocalMemory } from "../../actors/workflow/local-memory.js";
import { localSpace } from "../../actors/workflow/local-space.js";
import { RegionShape } from "../../actors/workflow/region-shape.js";
import { ReadyTask, Run } from "../../actors/workflow/run.js";
import { Scope } from "../../actors/workflow/scope.js";
import { Fifo } from "../../schedulers/index.js";
import type { TaskContext } from "../authoring/task-context.js";
import type { TaskDefaults } from "../authoring/task-options.js";
import { loadWorkflow } from "../worker/load-workflow.fixture.js";

/** The one task of a run, ready to be executed. */
export function readyTask(
  handler: (input: never, context: TaskContext) => unknown,
  ownId = "run-1",
  options: Pick<TaskDefaults, "executor" | "memory"> = {},
): ReadyTask {
  const anyHandler = handler as (input: never) => unknown; // the executor hands a context to every handler
  const workflow = loadWorkflow((flow, input) => flow.task(anyHandler, input, { name: "it", ...options }));
  const shape = new RegionShape(workflow.graph, 0, 1, 0);
  const scope = new Scope(workflow, shape, undefined, -1, new LocalMemory(shape));
  const facts = {
    slot: 0,
    epoch: 5,
    ownId,
    rank: 0,
    order: 1,
    submittedAt: 0,
    priority: 0,
    deadline: Number.NaN,
    fence: 2,
    pastBlock: 0,
  };
  const run = new Run(facts, { workflow, home: 0, isGuest: false, idPrefix: "", past: undefined }, new Fifo<ReadyTask>(), localSpace);
  return new ReadyTask(run, scope, 1, 1, 0);
}
