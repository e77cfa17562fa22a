import { type Output, sourceInputs, step, type TaskGraph } from "./task-graph.js";

/**
 *     0 ──────┐
 *     1 ──────┼─▶ size-1
 *     size-2 ─┘
 *
 * Fan-in alone: everything but the last task may overlap, and the last task reads all of it. A tree, which `fan` is not: no output is read twice.
 */
export function fanIn(size: number): TaskGraph {
  const leaves = Array.from({ length: size - 1 }, (_, task) => task);
  const parents = Array.from({ length: size }, (_, task) => (task === size - 1 ? leaves : []));
  return { name: `fan-in-${size}`, size, parents, sinks: [size - 1], expected: (input) => expected(size, input) };
}

function expected(size: number, input: Output): Output[] {
  if (size === 1) return [step(sourceInputs(0, input))];
  const leaves: Output[] = [];
  for (let task = 0; task < size - 1; task++) leaves.push(step(sourceInputs(task, input)));
  return [step(leaves)];
}
