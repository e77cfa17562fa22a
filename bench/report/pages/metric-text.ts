import type { Estimate } from "../../harness/statistics.js";
import { type Format, written } from "../plots/format.js";
import { measuredText } from "../plots/measured.js";
import { threeDigits } from "../quantities.js";

const UNITS: readonly (readonly [RegExp, Format])[] = [
  [/PerSecond$/, "rate"],
  [/Ms$/, "ms"],
  [/Us$/, "us"],
  [/Ns$/, "ns"],
  [/Bytes$/, "bytes"],
  [/Usd$/, "usd"],
  [/Share$/, "share"],
];

/** What a metric is called in a table: `tasksPerSecond` is `tasks per second`. Its numbers bring their units. */
export function metricTitle(name: string): string {
  return name
    .replace(/(Ms|Us|Ns|Bytes|Usd)$/, "")
    .replaceAll(/([a-z0-9])([A-Z])/g, (_, before: string, letter: string) => `${before} ${letter.toLowerCase()}`)
    .replaceAll(/([a-z])(\d{3,})/g, "$1 $2");
}

/** Its median with the 95 % interval, in the unit that its name ends with. */
export function metricText(name: string, estimate: Estimate | undefined): string {
  if (estimate === undefined) return "–";
  const format = UNITS.find(([ending]) => ending.test(name))?.[1];
  return measuredText(estimate, (value) => (format === undefined ? short(value) : written(value, format)));
}

function short(value: number): string {
  return Math.abs(value) >= 10_000 ? written(value, "rate") : threeDigits(value);
}
