import type { TaskGraph } from "../../../workloads/task-graph.js";

/** Tasks by the longest way to them: those of a level read none of the same level, and all that they read lies in levels before. */
export function levelsOf({ parents }: TaskGraph): number[][] {
  const levels: number[][] = [];
  const levelOf: number[] = [];
  for (const [task, from] of parents.entries()) {
    const level = from.reduce((deepest, parent) => Math.max(deepest, levelOf[parent]! + 1), 0);
    levelOf.push(level);
    levels[level] = [...(levels[level] ?? []), task];
  }
  return levels;
}
