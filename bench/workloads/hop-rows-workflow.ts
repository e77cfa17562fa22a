import { type Ref, workflow } from "dataflower";
import { type Beat, beat, type HopKind, hopRowsOf } from "./hop-rows.js";

/** The rows as workflows; the result is the output of every task. Workers import this module. */
export const hopWorkflows = { warm: workflowOf("warm"), cold: workflowOf("cold") } as const;
export const { warm, cold } = hopWorkflows;

function workflowOf(kind: HopKind) {
  const { widths, spinMs } = hopRowsOf(kind);
  return workflow({ name: `hops-${kind}`, module: import.meta.url }, (flow) => {
    const outputs: Ref<Beat>[] = [];
    let above: Ref<Beat>[] = [];
    for (const width of widths) {
      const row = Array.from({ length: width }, () => flow.task(beat, { above, spinMs: spinMs(width) }));
      outputs.push(...row);
      above = row;
    }
    return outputs;
  });
}
