import { performance } from "node:perf_hooks";
import { stencil } from "./stencil.js";
import type { TaskGraph } from "./task-graph.js";

/** A stencil of tasks that keep their threads busy: each reads up to three of the row above it. */
export interface SpinGrid {
  /** Tasks that may overlap. */
  readonly width: number;
  readonly depth: number;
  readonly taskUs: number;
}

export function gridGraph({ width, depth }: SpinGrid): TaskGraph {
  return stencil(width * depth, width);
}

/** The body of its tasks. @returns the row that the task stands in, from 1 */
export function spinFor(taskUs: number) {
  return (above: readonly number[]): number => {
    const endMs = performance.now() + taskUs / 1e3;
    while (performance.now() < endMs);
    return 1 + Math.max(0, ...above);
  };
}

/** Throws unless the last row saw all rows above it. */
export function checkGrid({ width, depth }: SpinGrid, answer: readonly number[]): void {
  if (answer.length === width && answer.every((row) => row === depth)) return;
  throw new Error(`Cannot count this run as ${width} tasks must give ${depth}: ${JSON.stringify(answer.slice(0, 20))}`);
}

/** The same workflow as WfFormat 1.5, as the simulator reads it. */
export function gridTrace(grid: SpinGrid): object {
  const { parents } = gridGraph(grid);
  const children = parents.map((): string[] => []);
  for (const [task, from] of parents.entries()) for (const parent of from) children[parent]!.push(`t${task}`);
  return {
    name: "spin-grid",
    schemaVersion: "1.5",
    workflow: {
      specification: {
        tasks: parents.map((from, task) => ({
          name: "spin",
          id: `t${task}`,
          parents: from.map((parent) => `t${parent}`),
          children: children[task],
        })),
      },
      execution: {
        makespanInSeconds: 0,
        executedAt: "2024-01-01T00:00:00Z",
        tasks: parents.map((_, task) => ({ id: `t${task}`, runtimeInSeconds: grid.taskUs / 1e6 })),
      },
    },
  };
}
