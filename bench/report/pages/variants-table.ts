import type { LatencySummary, ShareSummary, Summary, VariantSummary } from "../../experiments/summary.js";
import { written } from "../plots/format.js";
import { count, microseconds } from "../quantities.js";
import { metricText, metricTitle } from "./metric-text.js";

/** A table as text: pages and Markdown write the same cells. */
export interface TextTable {
  readonly caption: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** A row a variant, a column a metric: median [95 %] and n. absences() says why one was not measured. */
export function variantsTable({ variants }: Summary): TextTable {
  const metrics = namesOf(variants.map((variant) => variant.metrics));
  const shares = namesOf(variants.map((variant) => variant.shares));
  const latencies = namesOf(variants.map((variant) => variant.latencies));
  const titles = [...metrics, ...shares].map(metricTitle);
  return {
    caption: "All variants: medians with their 95 % bootstrap intervals; of up to 5 rounds from the lowest to the highest one",
    columns: ["variant", "n", ...titles, ...latencies.flatMap((name) => [`${metricTitle(name)} P50`, "P99", "max"])],
    rows: variants.map((variant) => [
      variant.key,
      variant.absent === undefined ? count(variant.n) : "not measured",
      ...metrics.map((name) => metricText(name, variant.metrics[name])),
      ...shares.map((name) => shareText(variant.shares[name])),
      ...latencies.flatMap((name) => latencyTexts(variant.latencies[name])),
    ]),
  };
}

/** What variants have been held against each other, and what was computed of all of them. */
export function findingsTable({ ratios, derived }: Summary): TextTable {
  return {
    caption: "Ratios, round by round, and what follows from all variants together",
    columns: ["what", "median [95 %]"],
    rows: [
      ...ratios.map((ratio) => [ratio.name, metricText("ratio", ratio)]),
      ...Object.entries(derived).map(([name, estimate]) => [metricTitle(name), metricText(name, estimate)]),
    ],
  };
}

function namesOf(records: readonly Readonly<Record<string, unknown>>[]): string[] {
  return [...new Set(records.flatMap((record) => Object.keys(record)))];
}

function shareText(share: ShareSummary | undefined): string {
  if (share === undefined) return "–";
  const { median, low, high, hits, of } = share;
  return `${written(median, "share")} [${written(low, "share")}, ${written(high, "share")}] (${count(hits)} of ${count(of)})`;
}

function latencyTexts(latency: LatencySummary | undefined): string[] {
  return latency === undefined ? ["–", "–", "–"] : [latency.p50, latency.p99, latency.max].map(microseconds);
}

/** Why variants are missing, one line each. */
export function absences(variants: readonly VariantSummary[]): string[] {
  return variants.flatMap(({ key, absent }) => (absent === undefined ? [] : [`${key}: ${absent}`]));
}
