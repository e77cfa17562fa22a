import type { Estimate } from "../../harness/statistics.js";

/** What was measured: a number, one with its 95 % interval, or nothing, which is drawn as a gap. */
export type Measured = number | Estimate | undefined;

/** The number to draw; null, which is how ECharts knows a gap, where there is none. */
export function middleOf(measured: Measured): number | null {
  const middle = typeof measured === "object" ? measured.median : measured;
  return middle !== undefined && Number.isFinite(middle) ? middle : null;
}

/** Both ends of the interval, where there is one that holds more than a point. */
export function intervalOf(measured: Measured): readonly [low: number, high: number] | undefined {
  if (typeof measured !== "object" || middleOf(measured) === null || measured.low === measured.high) return undefined;
  return [measured.low, measured.high];
}
