import { LatencyHistogram } from "../latency-histogram.js";
import type { OpenLoopResult } from "./open-loop.js";
import { type LatencyVerdict, latencyVerdict } from "./verdict.js";

/** Latencies of all rounds together, in µs; a percentile is absent where there are too few runs for it. */
export interface OpenLoopSummary {
  readonly count: number;
  readonly p50?: number | undefined;
  readonly p90?: number | undefined;
  readonly p99?: number | undefined;
  readonly max: number;
  readonly latenessP50?: number | undefined;
  readonly verdict: LatencyVerdict;
}

export function summariseOpenLoop(results: readonly OpenLoopResult[]): OpenLoopSummary {
  const latency = LatencyHistogram.merged(results.map((result) => result.latency));
  const lateness = LatencyHistogram.merged(results.map((result) => result.lateness));
  return {
    count: latency.count,
    p50: latency.quantileUs(0.5),
    p90: latency.quantileUs(0.9),
    p99: latency.quantileUs(0.99),
    max: latency.maxUs,
    latenessP50: lateness.quantileUs(0.5),
    verdict: latencyVerdict({ latency, lateness, hasKeptUp: results.every((result) => result.hasKeptUp) }),
  };
}
