import type { Latency, LatencyKind } from "../observe/latency.js";
import type { Json } from "./json-value.js";

export const latencyKinds = ["queue", "service", "hop", "end-to-end"] as const satisfies readonly LatencyKind[];

export type Latencies = Readonly<Record<(typeof latencyKinds)[number], Latency>>;

/**
 * Values that a percentile needs: ten beyond it, and a hundred beyond the tail that people act on. With fewer, what would stand there
 * is an accident or the largest value under another name.
 */
const valuesMin = { p50: 20, p90: 100, p99: 10_000 } as const;

type Percentile = keyof typeof valuesMin;

const columns = ["n", "P50", "P90", "P99", "max"] as const;

/** A table for people: times with their unit, a dash where there are too few values. */
export function latencyTable(latencies: Latencies): string {
  const rows = latencyKinds.map((kind) => [kind, ...cells(latencies[kind])]);
  const table = [["latency", ...columns], ...rows];
  const widths = table[0]!.map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
  const line = (row: readonly string[]) =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!))).join("  ");
  return table.map(line).join("\n");
}

/** By kind; times in microseconds, null where there are too few values. */
export function latencyJson(latencies: Latencies): Json {
  return Object.fromEntries(
    latencyKinds.map((kind) => {
      const latency = latencies[kind];
      const [p50Us, p90Us, p99Us] = (["p50", "p90", "p99"] as const).map((percentile) => percentileOf(latency, percentile) ?? null);
      return [kind, { n: latency.count, p50Us, p90Us, p99Us, maxUs: latency.count === 0 ? null : latency.max } as Json];
    }),
  );
}

function cells(latency: Latency): string[] {
  const percentiles = (["p50", "p90", "p99"] as const).map((percentile) => duration(percentileOf(latency, percentile)));
  return [latency.count.toLocaleString("en-US"), ...percentiles, duration(latency.count === 0 ? undefined : latency.max)];
}

const percentileOf = (latency: Latency, percentile: Percentile): number | undefined =>
  latency.count >= valuesMin[percentile] ? latency[percentile] : undefined;

function duration(us: number | undefined): string {
  if (us === undefined) return "-";
  if (us < 1_000) return `${us.toPrecision(3)} µs`;
  return us < 1_000_000 ? `${(us / 1_000).toPrecision(3)} ms` : `${(us / 1_000_000).toPrecision(3)} s`;
}
