import { type Output, sinksOf, sourceInputs, step, type TaskGraph } from "./task-graph.js";

export const STENCIL_COLUMNS = 10;

/**
 *     0   1   2  …  9        row 0 reads the input of the run
 *     │ ╲╱│ ╲╱│ ╲╱  │
 *     │ ╱╲│ ╱╲│ ╱╲  │        a task reads the task above it and the neighbours of that one: 2 at the edges, else 3
 *    10  11  12  … 19
 *
 * `columns` wide, filled row by row up to `size` tasks; the last row may be short.
 */
export function stencil(size: number, columns = STENCIL_COLUMNS): TaskGraph {
  const parents = Array.from({ length: size }, (_, task) => upper(task, columns));
  return { name: `stencil-${size}`, size, parents, sinks: sinksOf(parents), expected: (input) => stencilAnswer(size, columns, input) };
}

function upper(task: number, columns: number): number[] {
  if (task < columns) return [];
  const column = task % columns;
  const above = task - columns;
  return [above - 1, above, above + 1].filter((_, k) => column + k - 1 >= 0 && column + k - 1 < columns);
}

/** Row by row; whatever the next row does not read is an answer: all of the last row, and what a short last row leaves unread above it. */
export function stencilAnswer(size: number, columns: number, input: Output): Output[] {
  let above: Output[] = [];
  let row: Output[] = [];
  for (let first = 0; first < size; first += columns) {
    above = row;
    row = [];
    const width = Math.min(columns, size - first);
    for (let column = 0; column < width; column++) {
      row.push(step(first === 0 ? sourceInputs(column, input) : above.slice(Math.max(0, column - 1), column + 2)));
    }
  }
  const unread = row.length === columns || above.length === 0 ? [] : above.slice(row.length + 1);
  return [...unread, ...row];
}
