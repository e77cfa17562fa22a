/** What becomes of a graph when its tasks fail by coins, each once and for good: said by the graph alone, before anything is executed. */
import { falls, type Toss } from "./coins.js";
import { type Output, sourceInputs, step, type TaskGraph } from "./task-graph.js";

/** What happens when a task has failed for good. */
export const handlings = ["stop", "continue", "skip-dependents", "fallback"] as const;
export type Handling = (typeof handlings)[number];

export interface CascadeInput {
  readonly toss: Toss;
  readonly input: Output;
}

/** Takes the place of an output. */
export const FALLBACK: Output = { v: 0, name: "fallback" };

export const taskName = (task: number): string => `task-${task}`;

export interface CascadeFate {
  /** Tasks that are executed and fail; while handled by "stop", those that may be. */
  readonly fail: readonly number[];
  /** Tasks that are executed and give an output; while handled by "stop", those that may be. */
  readonly complete: readonly number[];
  /** The outputs of the sinks; undefined for a run that fails, by one of those in `fail`. */
  readonly answer?: readonly Output[];
}

export function cascadeFateOf(graph: TaskGraph, handling: Handling, { toss, input }: CascadeInput, runId: string): CascadeFate {
  const outputs: (Output | undefined)[] = [];
  const fail: number[] = [];
  const complete: number[] = [];
  for (const [task, from] of graph.parents.entries()) {
    const inputs = from.length === 0 ? sourceInputs(task, input) : from.flatMap((parent) => outputs[parent] ?? []);
    if (from.length > 0 && inputs.length < from.length) continue;
    const hasFailed = falls(toss, runId, taskName(task), 1);
    (hasFailed ? fail : complete).push(task);
    if (!hasFailed) outputs[task] = step(inputs);
    else if (handling === "fallback") outputs[task] = FALLBACK;
  }
  const answer = graph.sinks.flatMap((sink) => outputs[sink] ?? []);
  return { fail, complete, ...(answer.length === graph.sinks.length && { answer }) };
}

/**
 * Share of tasks that complete, on the average of all coins: a task does when it does not fail and, unless a fallback stands in, none of those
 * that it depends on does, directly or not. Of "stop" that is the most that can be.
 */
export function expectedShare({ parents, size }: Pick<TaskGraph, "parents" | "size">, handling: Handling, failureShare: number): number {
  if (handling === "fallback") return 1 - failureShare;
  const ancestors: Set<number>[] = [];
  let sum = 0;
  for (const from of parents) {
    const own = new Set(from);
    for (const parent of from) for (const further of ancestors[parent]!) own.add(further);
    ancestors.push(own);
    sum += (1 - failureShare) ** (own.size + 1);
  }
  return sum / size;
}
