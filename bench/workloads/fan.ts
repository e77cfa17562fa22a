import { type Output, sourceInputs, step, type TaskGraph } from "./task-graph.js";

/**
 *         ┌─▶ 1 ────────┐
 *     0 ──┼─▶ 2 ────────┼─▶ size-1
 *         └─▶ size-2 ───┘
 *
 * Fan-out and fan-in: everything in the middle may overlap, and the last task reads all of it. Sizes 1 and 2 have no middle.
 */
export function fan(size: number): TaskGraph {
  const middle = Array.from({ length: Math.max(0, size - 2) }, (_, index) => index + 1);
  const parents = Array.from({ length: size }, (_, task) => (task === 0 ? [] : task < size - 1 || size === 2 ? [0] : middle));
  return { name: `fan-${size}`, size, parents, sinks: [size - 1], expected: (input) => expected(size, input) };
}

function expected(size: number, input: Output): Output[] {
  const first = step(sourceInputs(0, input));
  if (size === 1) return [first];
  if (size === 2) return [step([first])];
  const middle: Output[] = [];
  for (let task = 1; task < size - 1; task++) middle.push(step([first]));
  return [step(middle)];
}
