import { type Ref, workflow } from "dataflower";
import { spinLadder } from "./spin-ladder.js";
import { type Spun, spin } from "./spin-stencil.js";

/** The ladder as a workflow; its result is the output of every task. Workers import this module. */
export const ladderWorkflow = workflow({ name: "spin-ladder", module: import.meta.url }, (flow) => {
  const outputs: Ref<Spun>[] = [];
  for (const from of spinLadder.parents) {
    const inputs = from.map((parent) => outputs[parent]!);
    outputs.push(flow.task(spin, inputs));
  }
  return outputs;
});
