import { Fifo } from "../../schedulers/fifo.js";
import type { Graph } from "./graph.js";
import { LoadedWorkflow } from "./loaded-workflow.js";
import { LocalMemory } from "./local-memory.js";
import { localSpace } from "./local-space.js";
import { RegionShape } from "./region-shape.js";
import { type ReadyTask, Run, type RunFacts } from "./run.js";
import type { RunPast } from "./run-past.js";
import { Scope, type ScopeSpace } from "./scope.js";

/** What a worker is told of the first run of an engine. */
export const runFacts: RunFacts = {
  slot: 0,
  epoch: 1,
  ownId: "run-0",
  order: 0,
  rank: 0,
  submittedAt: 0,
  priority: 0,
  deadline: Number.NaN,
  fence: 1,
  pastBlock: 0,
};

/** The outermost scope of a run, in the heap. */
export function rootScope(graph: Graph): Scope {
  const shape = new RegionShape(graph, 0, 1, 0);
  return new Scope(new LoadedWorkflow({ id: 0, name: "by-hand", graph, handlers: [] }), shape, undefined, -1, new LocalMemory(shape));
}

export interface LiveRunOptions {
  readonly order?: number;
  readonly isGuest?: boolean;
  readonly space?: ScopeSpace;
  readonly past?: RunPast;
}

/** A run at home, or as the guest of worker 1, with its outermost scope. */
export function liveRun(graph: Graph, { order = 0, isGuest = false, space = localSpace, past }: LiveRunOptions = {}): Run {
  const root = rootScope(graph);
  const facts = { ...runFacts, slot: order, ownId: `run-${order}`, order };
  const place = { workflow: root.workflow, home: isGuest ? 1 : 0, isGuest, idPrefix: "", past };
  const run = new Run(facts, place, new Fifo<ReadyTask>(), space);
  run.root = root;
  return run;
}
