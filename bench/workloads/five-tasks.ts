import { type Ref, workflow } from "dataflower";

/** A file as users write it, for what it costs to start: three products, their sum, its negative. */
export const fiveTasks = workflow({ name: "five-tasks", module: import.meta.url }, (flow, input: Ref<{ n: number }>) => {
  const products = [1, 2, 3].map((factor) => flow.task(multiply, { n: input.n, factor }));
  return flow.task(negate, flow.task(add, products));
});

export function expectedOfFiveTasks(n: number): number {
  return -6 * n;
}

function multiply({ n, factor }: { readonly n: number; readonly factor: number }): number {
  return n * factor;
}

function add(numbers: readonly number[]): number {
  return numbers.reduce((sum, one) => sum + one, 0);
}

function negate(n: number): number {
  return -n;
}
