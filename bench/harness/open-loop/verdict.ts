import type { LatencyHistogram } from "../latency-histogram.js";
import type { OpenLoopResult } from "./open-loop.js";

/** A generator that is later than this share of what it measures mostly measures itself. */
export const LATENESS_SHARE_MAX = 0.2;

/** What a contender gets through at least, as a share of what is offered, where it keeps up: else the backlog grows for as long as the load goes on. */
export const ACHIEVED_SHARE_MIN = 0.9;

/** Runs a second that ended, over the whole time until the last of them had. */
export function achievedPerSecond({ runs, elapsedMs }: Pick<OpenLoopResult, "runs" | "elapsedMs">, durationMs: number): number {
  return (runs / Math.max(durationMs, elapsedMs)) * 1e3;
}

/** As measured, but for a contender whose backlog was too large when the load was over: that one has not kept up. */
export function judged(result: OpenLoopResult, durationMs: number): OpenLoopResult {
  const isBehind = durationMs < ACHIEVED_SHARE_MIN * result.elapsedMs;
  return { ...result, hasKeptUp: result.hasKeptUp && !isBehind };
}

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
