import { type Ref, workflow } from "dataflower";
import { type Spun, spin, spinStencil } from "../../workloads/spin-stencil.js";

/** The spin stencil as a workflow; its result is the output of every task. Workers import this module. */
export const spinWorkflow = workflow({ name: "spin-stencil", module: import.meta.url }, (flow) => {
  const outputs: Ref<Spun>[] = [];
  for (const from of spinStencil.parents) {
    const inputs = from.map((parent) => outputs[parent]!);
    outputs.push(flow.task(spin, inputs));
  }
  return outputs;
});
