/** Random graphs of plain tasks, without maps and reduces. */
import fc from "fast-check";
import type { LoadedWorkflow } from "../../actors/workflow/loaded-workflow.js";
import { type AnyFlow, type AnyRef, type LoadOptions, loadWorkflow } from "./load-workflow.fixture.js";

/** A task is named by its position; what it waits for stands before it. */
export interface DagTask {
  /** Tasks whose outputs it reads. */
  readonly reads: readonly number[];
  /** Tasks that it only follows. */
  readonly after: readonly number[];
}

const task = fc.record({ reads: fc.array(fc.nat(), { maxLength: 3 }), after: fc.array(fc.nat(), { maxLength: 1 }) });

export const dags: fc.Arbitrary<DagTask[]> = fc
  .array(task, { minLength: 1, maxLength: 60, size: "max" })
  .map((tasks) => tasks.map(({ reads, after }, own) => ({ reads: positions(reads, own), after: positions(after, own) })));

function positions(seeds: readonly number[], below: number): number[] {
  return below === 0 ? [] : [...new Set(seeds.map((seed) => seed % below))];
}

export const nameOf = (position: number): string => `t${position}`;
export const positionOf = (path: string): number => Number(path.slice(1));

/** What the handler of a dag's tasks is given. */
export interface DagInput {
  readonly position: number;
  readonly before: readonly { readonly sum: number }[];
}

/** Options of the tasks of a dag, beside their names and what they follow, and of its workflow. */
export interface DagOptions extends LoadOptions {
  readonly ofTask?: (position: number) => object;
}

/** A dag as a workflow; its result holds the outputs of the `results`. */
export function loadDag(
  dag: readonly DagTask[],
  handler: (input: DagInput) => unknown,
  results: readonly number[],
  { ofTask = () => ({}), ...options }: DagOptions = {},
): LoadedWorkflow {
  const build = (flow: AnyFlow) => {
    const refs: AnyRef[] = [];
    for (const [position, { reads, after }] of dag.entries()) {
      const inputs = { position, before: reads.map((read) => refs[read]) };
      refs.push(flow.task(handler, inputs, { name: nameOf(position), after: after.map((one) => refs[one]), ...ofTask(position) }));
    }
    return results.map((position) => refs[position]?.sum);
  };
  return loadWorkflow(build, options);
}

/** The output of a task, by those of the tasks that it reads. */
export function outputOf({ position, before }: DagInput): { sum: number } {
  return { sum: before.reduce((sum, one) => (sum * 31 + one.sum) % 1_000_003, position + 1) };
}

/** The outputs of all tasks, by a plain loop. */
export function expectedSums(dag: readonly DagTask[]): number[] {
  const outputs: { sum: number }[] = [];
  for (const [position, { reads }] of dag.entries()) {
    const before = reads.map((read) => outputs[read] as { sum: number });
    outputs.push(outputOf({ position, before }));
  }
  return outputs.map(({ sum }) => sum);
}
