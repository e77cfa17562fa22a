import { type Ref, workflow } from "dataflower";
import { gridGraph, spinFor } from "./spin-grid.js";

/** The grid as a workflow. Workers import it by its address, which says how it is: `spin-grid-workflow.js?width=512&depth=4&taskUs=250`. */
const query = new URL(import.meta.url).searchParams;
const numberOf = (name: string): number => Number(query.get(name));
const grid = { width: numberOf("width"), depth: numberOf("depth"), taskUs: numberOf("taskUs") };
const spin = spinFor(grid.taskUs);

/** Its result: the outputs of the last row. */
export const spinGridWorkflow = workflow({ name: `spin-grid-${grid.width}-${grid.depth}`, module: import.meta.url }, (flow) => {
  const outputs: Ref<number>[] = [];
  for (const from of gridGraph(grid).parents) {
    outputs.push(
      flow.task(
        spin,
        from.map((parent) => outputs[parent]!),
      ),
    );
  }
  return outputs.slice(-grid.width);
});
