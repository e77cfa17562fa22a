import type { Metric, Registry } from "prom-client";
import { LatencyHistogram } from "../../harness/latency-histogram.js";

/** Upper bounds in seconds: 10 µs to a minute, which is the latest that is recorded. */
export const latencyBuckets: readonly number[] = [
  ...[1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1].flatMap((decade) => [1, 2.5, 5].map((factor) => Number((factor * decade).toPrecision(2)))),
  10,
  30,
  60,
];
const bucketsMs = latencyBuckets.map((seconds) => seconds * 1e3);

type Labels = Readonly<Record<string, string>>;

interface Counts {
  readonly labels: Labels;
  /** Up to each bound. */
  readonly atMost: number[];
  count: number;
  sumSeconds: number;
}

/**
 * A histogram of Prometheus that whole HDR histograms are added to. As the bounds are fixed, the counts of many add up to those of all of them merged,
 * and only the counts are kept.
 */
export class LatencySeries {
  readonly name: string;
  readonly help: string;
  readonly type = "histogram";
  readonly aggregator = "sum";
  readonly #series = new Map<string, Counts>();

  constructor({ name, help, registry }: { readonly name: string; readonly help: string; readonly registry: Registry }) {
    this.name = name;
    this.help = help;
    registry.registerMetric(this as unknown as Metric<string>); // as: registries read its name, reset it and get() it, whatever its class
  }

  /** @param encoded what LatencyHistogram's `encoded()` gave; throws for what is none */
  add(labels: Labels, encoded: string): void {
    const histogram = LatencyHistogram.merged([encoded]);
    const key = JSON.stringify(labels);
    const counts = this.#series.get(key) ?? { labels, atMost: latencyBuckets.map(() => 0), count: 0, sumSeconds: 0 };
    this.#series.set(key, counts);
    for (const [bucket, count] of histogram.countsAtMost(bucketsMs).entries()) counts.atMost[bucket]! += count;
    counts.count += histogram.count;
    counts.sumSeconds += histogram.sumMs / 1e3;
  }

  reset(): void {
    this.#series.clear();
  }

  async get() {
    const { name, help, type, aggregator } = this;
    return { name, help, type, aggregator, values: [...this.#series.values()].flatMap((counts) => this.#values(counts)) };
  }

  #values({ labels, atMost, count, sumSeconds }: Counts) {
    const bucket = (le: number | string, value: number) => ({ metricName: `${this.name}_bucket`, labels: { ...labels, le }, value });
    return [
      ...latencyBuckets.map((bound, index) => bucket(bound, atMost[index]!)),
      bucket("+Inf", count),
      { metricName: `${this.name}_sum`, labels, value: sumSeconds },
      { metricName: `${this.name}_count`, labels, value: count },
    ];
  }
}
