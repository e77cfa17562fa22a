import { build, decodeFromCompressedBase64, encodeIntoCompressedBase64, type Histogram, JsHistogram } from "hdr-histogram-js";

/** Percentiles that tables show. */
export type Quantile = 0.5 | 0.9 | 0.99 | 0.999;

/** One minute in ns: what is later is recorded as this. */
const LONGEST_NS = 60e9;
const OPTIONS = {
  lowestDiscernibleValue: 1,
  highestTrackableValue: LONGEST_NS,
  numberOfSignificantValueDigits: 3,
  useWebAssembly: false,
  bitBucketSize: 32,
} as const;

/** Lines for each halving of what is left of 100 %. */
const TICKS = 5;
const NS_PER_MS = 1e6;

const CURVE = [0.25, 0.5, 0.75, 0.9, 0.95, 0.975, 0.99, 0.995, 0.9975, 0.999, 0.9995, 0.9999];

/** Latencies in an HDR histogram, recorded in ns with three digits, read in microseconds. */
export class LatencyHistogram {
  readonly #histogram: Histogram;

  private constructor(histogram: Histogram) {
    this.#histogram = histogram;
  }

  static empty(): LatencyHistogram {
    return new LatencyHistogram(build(OPTIONS));
  }

  /** What `encoded()` gave, in this or another process, merged. */
  static merged(encoded: readonly string[]): LatencyHistogram {
    const all = LatencyHistogram.empty();
    for (const one of encoded) all.#histogram.add(decodeFromCompressedBase64(one, 32, false));
    return all;
  }

  /** A latency that the clocks of two threads put below zero counts as zero. */
  recordMs(ms: number): void {
    this.#histogram.recordValue(Math.min(LONGEST_NS, Math.max(0, Math.round(ms * 1e6))));
  }

  get count(): number {
    return this.#histogram.totalCount;
  }

  get maxUs(): number {
    return this.#histogram.maxValue / 1e3;
  }

  /** Undefined where there are too few values for this percentile to mean anything; see {@link countNeeded}. */
  quantileUs(quantile: Quantile): number | undefined {
    return this.count < countNeeded(quantile) ? undefined : this.#histogram.getValueAtPercentile(quantile * 100) / 1e3;
  }

  /** Its percentiles as text for HdrHistogram's plotter, in ms. */
  hgrm(): string {
    return this.#histogram.outputPercentileDistribution(TICKS, NS_PER_MS);
  }

  /** From P25 on, each ten times as far out as the third one before it, as far as the values carry: shares of values, and what they lie below. */
  curveUs(): [share: number, us: number][] {
    return CURVE.filter((share) => this.count >= countNeeded(share)).map((share) => [
      share,
      this.#histogram.getValueAtPercentile(share * 100) / 1e3,
    ]);
  }

  /** In ms, to three digits. */
  get sumMs(): number {
    return (this.#histogram.mean * this.count) / 1e6;
  }

  /** How many are at most each of these bounds, which ascend. What shares its three digits with a bound counts as at most it. */
  countsAtMost(boundsMs: readonly number[]): number[] {
    const histogram = this.#histogram;
    if (!(histogram instanceof JsHistogram)) throw new Error("Cannot count latencies as their histogram must be in JavaScript: it is not");
    let count = 0;
    let next = 0;
    return boundsMs.map((bound) => {
      const last = histogram.countsArrayIndex(Math.min(LONGEST_NS, Math.round(bound * 1e6)));
      for (; next <= last; next++) count += histogram.getCountAtIndex(next);
      return count;
    });
  }

  encoded(): string {
    return encodeIntoCompressedBase64(this.#histogram);
  }
}

/** A percentile needs a hundred values beyond it: 10,000 in all for P99, 100,000 for P99.9. */
export function countNeeded(quantile: number): number {
  return Math.round(100 / (1 - quantile));
}
