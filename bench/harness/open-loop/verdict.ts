import type { LatencyHistogram } from "../latency-histogram.js";

/** A generator that is later than this share of what it measures mostly measures itself. */
export const LATENESS_SHARE_MAX = 0.2;

export type LatencyVerdict = "ok" | "void: did not keep up" | "void: generator late" | "void: too few runs";

/** Whether the latencies of an open loop mean anything. */
export function latencyVerdict({
  latency,
  lateness,
  hasKeptUp,
}: {
  latency: LatencyHistogram;
  lateness: LatencyHistogram;
  hasKeptUp: boolean;
}): LatencyVerdict {
  const p50 = latency.quantileUs(0.5);
  const late = lateness.quantileUs(0.5);
  if (!hasKeptUp) return "void: did not keep up";
  if (p50 === undefined || late === undefined) return "void: too few runs";
  return late > LATENESS_SHARE_MAX * p50 ? "void: generator late" : "ok";
}
