import { count, milliseconds, rate, threeDigits } from "../quantities.js";

/** How numbers are written: `rate` 73.5 k, `factor` 1.25 ×, `share` 12 %, times with the unit that suits them, `bytes` 1.50 MB, `usd` $0.012. */
export type Format = "rate" | "ns" | "us" | "ms" | "factor" | "share" | "points" | "count" | "bytes" | "usd";

const WRITERS: Readonly<Record<Format, (value: number) => string>> = {
  rate,
  ns: (ns) => (Math.abs(ns) < 1_000 ? `${threeDigits(ns)} ns` : milliseconds(ns / 1e6)),
  us: (us) => milliseconds(us / 1e3),
  ms: milliseconds,
  factor: (factor) => (factor >= 1_000 ? `${rate(factor)} ×` : `${short(factor)} ×`),
  share: percent,
  points: (share) => short(share * 100),
  count: (value) => count(Number(value.toPrecision(6))),
  bytes,
  usd: (usd) => `$${usd !== 0 && Math.abs(usd) < 100 ? Number(usd.toPrecision(2)) : count(Math.round(usd))}`,
};

/** A number as its format writes it; a dash for one that is not finite. */
export function written(value: number, format: Format): string {
  return Number.isFinite(value) ? WRITERS[format](value) : "–";
}

function percent(share: number): string {
  const points = share * 100;
  return `${points === 0 || Math.abs(points) >= 10 ? points.toFixed(0) : Number(points.toPrecision(2))} %`;
}

/** Three digits without zeroes at the end: `1`, `1.25`, `40.5`. */
function short(value: number): string {
  return String(Number(value.toPrecision(3)));
}

function bytes(value: number): string {
  const [divisor, unit] = value >= 1e9 ? [1e9, "GB"] : value >= 1e6 ? [1e6, "MB"] : value >= 1e3 ? [1e3, "kB"] : [1, "B"];
  return `${divisor === 1 ? short(value) : threeDigits(value / divisor)} ${unit}`;
}
