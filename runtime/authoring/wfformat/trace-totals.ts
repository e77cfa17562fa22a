import { topologicalOrder } from "./topological-order.js";
import type { Trace } from "./trace.js";

/** Length in ms of the longest path by recorded run times, scaled: no schedule is shorter. */
export function criticalPathMs(trace: Trace, timeScale: number): number {
  const endMs = new Float64Array(trace.tasks.length);
  const { positions } = topologicalOrder(trace.tasks.map(({ parents }) => parents)); // a trace has no cycle: its reader refuses them
  let longestMs = 0;
  for (const position of positions) {
    const { parents, runtimeMs } = trace.tasks[position]!;
    let startMs = 0;
    for (const parent of parents) startMs = Math.max(startMs, endMs[parent]!);
    endMs[position] = startMs + runtimeMs * timeScale;
    longestMs = Math.max(longestMs, endMs[position]!);
  }
  return longestMs;
}
