import { type Output, sinksOf, sourceInputs, step, type TaskGraph } from "./task-graph.js";

const COLUMNS = 16;

/**
 *     0  1  2  3  …  15      row 0 reads the input of the run
 *     16 17 18 19 …  31      a task reads the task above it and those 1 to the left and right
 *     32 33 34 35 …  47      then those 2 to the left and right, then 4, 8, and 1 again
 *
 * The butterfly of a fast Fourier transform, as Task Bench has it (`fft`): what is outside of the 16 columns is left out. Filled row by row up to `size`
 * tasks; the last row may be short.
 */
export function fft(size: number): TaskGraph {
  const parents = Array.from({ length: size }, (_, task) => upper(task));
  return { name: `fft-${size}`, size, parents, sinks: sinksOf(parents), expected: (input) => expected(size, input) };
}

function upper(task: number): number[] {
  const row = Math.floor(task / COLUMNS);
  if (row === 0) return [];
  const reach = 2 ** ((row + 3) % 4);
  const column = task % COLUMNS;
  const columns = [column - reach, column, column + reach].filter((from) => from >= 0 && from < COLUMNS);
  return columns.map((from) => (row - 1) * COLUMNS + from);
}

/** Row by row; whatever the next row does not read is an answer: all of the last row, and what a short last row leaves unread above it. */
function expected(size: number, input: Output): Output[] {
  let row = Array.from({ length: Math.min(COLUMNS, size) }, (_, column) => step(sourceInputs(column, input)));
  let unread: Output[] = [];
  let reach = 1;
  for (let done = row.length; done < size; done += row.length) {
    const above = row;
    const read = new Set<Output>();
    row = Array.from({ length: Math.min(COLUMNS, size - done) }, (_, column) => {
      const inputs = [column - reach, column, column + reach].flatMap((from) => above[from] ?? []);
      for (const output of inputs) read.add(output);
      return step(inputs);
    });
    unread = above.filter((output) => !read.has(output));
    reach = reach === 8 ? 1 : reach * 2;
  }
  return [...unread, ...row];
}
