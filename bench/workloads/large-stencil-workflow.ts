import { type Ref, workflow } from "dataflower";
import { type Output, sourceInputs, step } from "./task-graph.js";

/**
 * The stencil, as large as its address says: `large-stencil-workflow.js?columns=1000&rows=1000`. It is written row by row and nothing but the last row is
 * kept while it is, so that what it takes of memory is what the engine takes.
 */
const query = new URL(import.meta.url).searchParams;
const columns = Number(query.get("columns"));
const rows = Number(query.get("rows"));

/** Its result: the outputs of the last row. */
export const largeStencil = workflow({ name: `stencil-${columns}-${rows}`, module: import.meta.url }, (flow, input: Ref<Output>) => {
  let above = Array.from({ length: columns }, (_, column) => flow.task(step, sourceInputs(column, input)));
  for (let row = 1; row < rows; row++) {
    const before = above;
    above = before.map((_, column) => flow.task(step, before.slice(Math.max(0, column - 1), column + 2)));
  }
  return above;
});
