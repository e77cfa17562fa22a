import { DataFlower, type EngineLimits, type Latency } from "dataflower";
import { processEcho } from "../../workloads/process-echo-workflow.js";

/** What a process of its own adds to a task. */
export interface ProcessCostsParameters {
  readonly measure: "process-costs";
  /** Processes that are made, one after the other. */
  readonly coldStarts: number;
  /** Runs of one task in a process that is there already. */
  readonly warmHops: number;
}

export type MeasuredLatency = Pick<Latency, "count" | "p50" | "p90" | "max">;

/** In µs. */
export interface ProcessCostsSample {
  /** From the making of a process until it has loaded its handler. */
  readonly coldStart: MeasuredLatency;
  /** From the moment that a process is handed an attempt, which does nothing, until its end is known. */
  readonly warmHop: MeasuredLatency;
}

export const fullProcessCosts: ProcessCostsParameters = { measure: "process-costs", coldStarts: 100, warmHops: 10_000 };

/** One worker, one run at a time. Rejects when an answer is wrong. */
export async function measureProcessCosts({ coldStarts, warmHops }: ProcessCostsParameters): Promise<ProcessCostsSample> {
  // A process that is kept for no time at all is there for no second run.
  const coldStart = await measure(coldStarts, { processIdle: 0 }, "cold-start");
  const warmHop = await measure(warmHops, {}, "service");
  return { coldStart, warmHop };
}

async function measure(runs: number, limits: EngineLimits, kind: "cold-start" | "service"): Promise<MeasuredLatency> {
  await using engine = await DataFlower.start({ workflows: [processEcho], workers: 1, store: "memory:", limits });
  for (let run = 0; run < runs; run++) {
    const answer = await engine.run(processEcho, run);
    if (answer !== run) throw new Error(`Cannot measure processes as one must answer ${run}: it answered ${answer}`);
  }
  const { count, p50, p90, max } = await engine.latency(kind);
  return { count, p50, p90, max };
}

/**
 * Machines as `dataflower simulate --machines FILE` reads them, that are cold and stay warm as such processes are.
 *
 * @param keepAlive how long a process is kept, as `limits.processIdle`
 */
export function machinesText({ coldStart, warmHop }: ProcessCostsSample, count: number, keepAlive: string): string {
  const shown = ({ count: values, p50, p90, max }: MeasuredLatency) =>
    `P50 ${ms(p50)} ms, P90 ${ms(p90)} ms, max ${ms(max)} ms, n ${values}`;
  return [
    `# Child processes of one machine. Cold start: ${shown(coldStart)}`,
    `# An attempt without work in a warm one takes: ${shown(warmHop)}. No machine says that: it is part of a task's duration`,
    `- { count: ${count}, cores: 1, coldStart: ${ms(coldStart.p50)}ms, keepAlive: ${keepAlive} }`,
    "",
  ].join("\n");
}

const ms = (us: number): string => (us / 1e3).toFixed(3);
