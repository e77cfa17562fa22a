import { LatencyHistogram, type Quantile } from "../../harness/latency-histogram.js";
import { count, microseconds } from "../../report/quantities.js";
import { table } from "../../report/table.js";
import type { Hops } from "./hops.js";

export interface HopRow {
  readonly name: string;
  readonly count: number;
  /** In µs, of all rounds together; left out where there are too few for it to mean anything. */
  readonly quantilesUs: Readonly<Partial<Record<Quantile, number>>>;
  readonly maxUs: number;
}

const QUANTILES = [0.5, 0.9, 0.99, 0.999] as const;

/** One row a kind of hop. */
export function summariseHops(measured: readonly Hops[]): HopRow[] {
  const names = [...new Set(measured.map(({ name }) => name))];
  return names.map((name) => {
    const latency = LatencyHistogram.merged(measured.filter((hops) => hops.name === name).map((hops) => hops.latency));
    const known = QUANTILES.map((quantile) => [quantile, latency.quantileUs(quantile)] as const).filter(([, us]) => us !== undefined);
    return { name, count: latency.count, quantilesUs: Object.fromEntries(known), maxUs: latency.maxUs };
  });
}

export function renderHops(rows: readonly HopRow[]): string {
  const columns = [
    { title: "hop between two threads", align: "left" as const },
    ...["P50", "P90", "P99", "P99.9", "max", "n"].map((title) => ({ title, align: "right" as const })),
  ];
  const cells = rows.map(({ name, quantilesUs, maxUs, count: n }) => [
    name,
    ...QUANTILES.map((quantile) => microseconds(quantilesUs[quantile])),
    microseconds(maxUs),
    count(n),
  ]);
  return table(columns, cells);
}
