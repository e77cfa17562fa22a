import { type Ref, workflow } from "dataflower";
import { columnsAbove, computePoint, type Point, STEPS } from "../../workloads/stencil-1d.js";

/** The stencil as a workflow. Workers import this module by its address, which says what it is like: `dataflower-workflow.js?width=8&kernelRepeats=128`. */
const query = new URL(import.meta.url).searchParams;
const width = Number(query.get("width"));
const kernelRepeats = Number(query.get("kernelRepeats"));

/** Its result: the outputs of the last step. */
export const stencil = workflow({ name: `stencil-1d-${width}-${kernelRepeats}`, module: import.meta.url }, (flow) => {
  let above: Ref<Point>[] = [];
  for (let step = 0; step < STEPS; step++) {
    above = Array.from({ length: width }, (_, column) => {
      const inputs = step === 0 ? [] : columnsAbove(column, width).map((from) => above[from]!);
      return flow.task(computePoint, { step, column, width, kernelRepeats, inputs });
    });
  }
  return above;
});
