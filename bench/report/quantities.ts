import type { Estimate } from "../harness/statistics.js";

/** A rate in three digits: `4.12 M`, `73.5 k`, `812`. */
export function rate(perSecond: number): string {
  if (perSecond >= 1e6) return `${(perSecond / 1e6).toPrecision(3)} M`;
  if (perSecond >= 1e3) return `${threeDigits(perSecond / 1e3)} k`;
  return threeDigits(perSecond);
}

/** A time in three digits with the unit that suits it; a dash for what was not measured. */
export function microseconds(us: number | undefined): string {
  if (us === undefined) return "-";
  if (us >= 1e6) return `${threeDigits(us / 1e6)} s`;
  if (us >= 1e3) return `${threeDigits(us / 1e3)} ms`;
  return `${threeDigits(us)} µs`;
}

export function milliseconds(ms: number): string {
  return microseconds(ms * 1e3);
}

/** Three digits, but never fewer than all before the point: 1,234 stays 1234. */
export function threeDigits(value: number): string {
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

export function count(value: number): string {
  return value.toLocaleString("en-US");
}

/** How many times as much, with its 95 % interval: `0.460 [0.431, 0.488]`. */
export function ratioWithInterval({ median, low, high }: Estimate): string {
  return `${threeDigits(median)} [${threeDigits(low)}, ${threeDigits(high)}]`;
}

/** A rate with its 95 % interval: `1.41 M [1.35 M, 1.50 M]`. */
export function rateWithInterval({ median, low, high }: Estimate): string {
  return `${rate(median)} [${rate(low)}, ${rate(high)}]`;
}
