import { type Output, sourceInputs, step, type TaskGraph } from "./task-graph.js";

/**
 *   0 ─▶ 1 ─▶ 2 ─▶ … ─▶ size-1
 *
 * No two tasks of a run can overlap: what it costs to go from one task to the next.
 */
export function chain(size: number): TaskGraph {
  const parents = Array.from({ length: size }, (_, task) => (task === 0 ? [] : [task - 1]));
  return { name: `chain-${size}`, size, parents, sinks: [size - 1], expected: (input) => expected(size, input) };
}

function expected(size: number, input: Output): Output[] {
  let output = step(sourceInputs(0, input));
  for (let task = 1; task < size; task++) output = step([output]);
  return [output];
}
