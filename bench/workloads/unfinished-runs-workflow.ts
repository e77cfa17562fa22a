import { type Ref, workflow } from "dataflower";

/** Set in the process that is to leave runs unfinished: no second step ever ends. */
export const WAITS = "DF_BENCH_WAITS";

function first({ value }: { readonly value: number }): number {
  return value + 1;
}

function second({ value }: { readonly value: number }): number | Promise<number> {
  return process.env[WAITS] === "1" ? new Promise(() => {}) : value * 2;
}

/** Two steps, of which the second ends only in another life. Workers import this module. */
export const unfinishedRuns = workflow(
  { name: "unfinished-runs", module: import.meta.url },
  (flow, input: Ref<{ readonly value: number }>) =>
    flow.task(second, { value: flow.task(first, { value: input.value }) }, { timeout: Number.POSITIVE_INFINITY }),
);

export const idOf = (run: number): string => `unfinished-${run}`;

/** Throws unless the answer is that of the run. */
export function checkUnfinished(run: number, answer: number): void {
  if (answer !== (run + 1) * 2) throw new Error(`Cannot count this as run ${run} must give ${(run + 1) * 2}: ${answer}`);
}
