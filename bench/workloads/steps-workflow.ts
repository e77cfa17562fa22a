import { type Ref, workflow } from "dataflower";
import { performSteps, type Steps } from "./steps.js";

/** Workers import this module by its address, which says how many steps there are and how many a task has: `steps-workflow.js?steps=60&each=4`. */
const query = new URL(import.meta.url).searchParams;
const steps = Number(query.get("steps"));
const each = Number(query.get("each"));

/** A chain of tasks of so many steps each: what is recorded of a run is where a task has ended. */
export const stepwise = workflow({ name: `steps-${steps}-${each}`, module: import.meta.url }, (flow, input: Ref<Steps>) => {
  let value: number | Ref<number> = 1;
  for (let first = 0; first < steps; first += each)
    value = flow.task(perform, { input, first, end: Math.min(steps, first + each), value }, { name: `steps-${first}` });
  return value as Ref<number>; // as: there is at least one step
});

function perform({ input, first, end, value }: { input: Steps; first: number; end: number; value: number }): number {
  return performSteps(input, first, end, value);
}
