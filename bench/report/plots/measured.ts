import type { Estimate } from "../../harness/statistics.js";

/** What was measured: a number, one with its 95 % interval, or nothing, which is drawn as a gap. JSON writes NaN as null: that is nothing, too. */
export type Measured = number | Estimate | undefined | null;

/** The number to draw; null, which is how ECharts knows a gap, where there is none. */
export function middleOf(measured: Measured): number | null {
  const middle = typeof measured === "object" ? measured?.median : measured;
  return typeof middle === "number" && Number.isFinite(middle) ? middle : null;
}

/** Both ends of the interval, where there is one that holds more than a point. */
export function intervalOf(measured: Measured): readonly [low: number, high: number] | undefined {
  if (typeof measured !== "object" || measured === null || middleOf(measured) === null) return undefined;
  const { low, high } = measured;
  return Number.isFinite(low) && Number.isFinite(high) && low !== high ? [low, high] : undefined;
}

/** `1.41 M [1.35 M, 1.50 M]`, or `not measured`. */
export function measuredText(measured: Measured, write: (value: number) => string): string {
  const middle = middleOf(measured);
  const interval = intervalOf(measured);
  if (middle === null) return "not measured";
  return interval === undefined ? write(middle) : `${write(middle)} [${write(interval[0])}, ${write(interval[1])}]`;
}
