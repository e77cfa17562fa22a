import type { ResolvedTaskOptions, Template } from "../../../actors/workflow/graph.js";
import { compileListed, type ListedTask, placeOfTask } from "../compile-listed.js";
import type { CompiledWorkflow } from "../compiled-workflow.js";
import { idFrom } from "../ids.js";
import { resolveTaskOptions } from "../resolve-options.js";
import type { UntypedHandler } from "../task-context.js";
import { bodiesModule, none, spin, timer } from "./bodies.js";
import { leavesOf, type Trace, type TraceTask } from "./trace.js";

/** What replayed tasks do. "none": nothing; "timer": they wait; "spin": they keep their thread busy. */
export type TraceBody = "none" | "timer" | "spin";

const handlers = { none, timer, spin } as const satisfies Record<TraceBody, unknown>;

export interface ReplayOptions {
  readonly body: TraceBody;
  /** Recorded run times are multiplied by it: 0.001 replays a second as a millisecond. Finite and not negative. */
  readonly timeScale: number;
  /** Whether tasks reserve the cores that were recorded. @defaultValue false: they reserve nothing */
  readonly reservesCores?: boolean;
}

/**
 * A trace as a workflow that replays it: task i of the file is node i + 1. Tasks compute and pass on hashes, see taskHash(); the run's
 * result is the list of those of the leaves, in the order of the file, of which digestOf() makes the digest.
 */
export function traceWorkflow(trace: Trace, { body, timeScale, reservesCores = false }: ReplayOptions): CompiledWorkflow {
  const handler = handlers[body] as UntypedHandler; // it is given what inputOf() describes
  return compileListed({
    name: idFrom(trace.name, "trace"),
    tasks: trace.tasks.map((task) => listedTask(task, task.runtimeMs * timeScale, reservesCores ? task.cores : undefined)),
    handlers: [{ module: bodiesModule, name: body, handler }],
    defaults,
    result: { kind: "list", items: leavesOf(trace).map(outputOf) },
    whenTaskFails: "stop",
    scheduler: undefined,
  });
}

/** Tasks take as long as they were recorded to take. */
const defaults: ResolvedTaskOptions = resolveTaskOptions({ timeout: Number.POSITIVE_INFINITY }, {}, "trace");

const listedTask = (task: TraceTask, ms: number, cpus: number | undefined): ListedTask => ({
  name: idFrom(task.id, "task"),
  isNameGiven: false,
  label: task.category,
  handler: 0,
  input: inputOf(task, ms),
  options: { ...defaults, estimateMs: ms, cpus },
  after: [],
});

/** A ReplayedInput. */
const inputOf = ({ id, parents }: TraceTask, ms: number): Template => ({
  kind: "object",
  keys: ["id", "parents", "ms"],
  values: [
    { kind: "constant", value: id },
    { kind: "list", items: parents.map(outputOf) },
    { kind: "constant", value: ms },
  ],
});

const outputOf = (position: number): Template => ({ kind: "ref", up: 0, place: placeOfTask(position), path: [] });
