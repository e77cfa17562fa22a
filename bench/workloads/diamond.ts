import { type Output, sourceInputs, step, type TaskGraph } from "./task-graph.js";

/**
 *        ┌─▶ 1 ─┐      ┌─▶ 4 ─┐
 *     0 ─┤      ├─▶ 3 ─┤      ├─▶ 6 ─ …
 *        └─▶ 2 ─┘      └─▶ 5 ─┘
 *
 * Diamonds in a row: every join is the fork of the next one. Ends wherever `size` tasks are reached: at a join where size % 3 is 1.
 */
export function diamond(size: number): TaskGraph {
  const parents = Array.from({ length: size }, (_, task) => upper(task));
  const sinks = size % 3 === 0 ? [size - 2, size - 1] : [size - 1];
  return { name: `diamond-${size}`, size, parents, sinks, expected: (input) => expected(size, input) };
}

function upper(task: number): number[] {
  if (task === 0) return [];
  const place = task % 3;
  return place === 0 ? [task - 2, task - 1] : [task - place];
}

function expected(size: number, input: Output): Output[] {
  let fork = step(sourceInputs(0, input));
  let left = size - 1;
  for (; left >= 3; left -= 3) fork = step([step([fork]), step([fork])]);
  if (left === 0) return [fork];
  return left === 1 ? [step([fork])] : [step([fork]), step([fork])];
}
