import type { Output, TaskGraph } from "../../workloads/task-graph.js";
import { measureOpenLoop, type OpenLoop, type OpenLoopResult } from "./open-loop.js";

export interface Arrivals extends Omit<OpenLoop, "graph"> {
  /**
   * Starts the run of this number, from 0, and settles when it has ended; rejects when it has ended otherwise than it must. A latency counts from
   * `intendedMs`, when it was to begin on the monotonic clock: what kept it from beginning then is part of what it waited for.
   */
  run(index: number, intendedMs: number): Promise<unknown>;
}

/** An open loop of runs whose ends are judged by who starts them, as not all of them complete. Rejects when it could not be kept up with. */
export async function measureArrivals({ run, ...loop }: Arrivals): Promise<OpenLoopResult> {
  let next = 0;
  const session = {
    async run(input: Output, intendedMs: number): Promise<readonly Output[]> {
      await run(next++, intendedMs);
      return [input];
    },
  };
  const result = await measureOpenLoop(session, { ...loop, graph: judgedElsewhere });
  if (result.hasKeptUp) return result;
  throw new Error(`Cannot measure as ${loop.ratePerSecond} runs/s must be kept up with: ${result.runs} had ended when it was given up`);
}

/** The loop itself expects of every run what it was started with. */
const judgedElsewhere: TaskGraph = { name: "arrivals", size: 1, parents: [[]], sinks: [0], expected: (input) => [input] };
