import { clockedChain, waitsOf } from "../../workloads/clocked-chain.js";
import { Answers, inputOf } from "../../workloads/inputs.js";
import { LatencyHistogram } from "../latency-histogram.js";
import { type DurableParameters, withDurableSession } from "./durable.js";

/** How long a task waits for the one before it when one run is in flight, from the end of the one to the start of the other. */
export interface DurableHopParameters extends Omit<DurableParameters, "measure" | "inFlight" | "warmupMs" | "measureMs"> {
  readonly measure: "durable-hops";
  /** Runs that do not count. */
  readonly warmupRuns: number;
  readonly runs: number;
}

export interface DurableHopSample {
  /** Encoded, see LatencyHistogram. */
  readonly hops: string;
}

/** Tasks of a run, one after the other. */
export const STEPS = 40;

/** Rejects when an answer is wrong. */
export function measureDurableHops(contender: string, parameters: DurableHopParameters): Promise<DurableHopSample> {
  const { warmupRuns, runs } = parameters;
  const graph = clockedChain(STEPS);
  return withDurableSession(contender, graph, parameters, async (session) => {
    const answers = new Answers(graph);
    const hops = LatencyHistogram.empty();
    for (let run = 0; run < warmupRuns + runs; run++) {
      const answer = await session.run(inputOf(run));
      answers.check(run, answer);
      if (run >= warmupRuns) for (const waitMs of waitsOf(graph, answer)) hops.recordMs(waitMs);
    }
    return { hops: hops.encoded() };
  });
}
