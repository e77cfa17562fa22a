import type { Histogram } from "hdr-histogram-js";
import type { LatencySnapshot } from "./log-linear-histogram.js";

export const latencyKinds = ["queue", "service", "hop", "cold-start", "end-to-end"] as const;
/**
 * What is measured: waiting from readiness to start; start to end; offering to taking by another worker; the making of a process until
 * its handler is loaded; submission to result.
 */
export type LatencyKind = (typeof latencyKinds)[number];
/** What workers measure. */
export type WorkerLatencyKind = Exclude<LatencyKind, "end-to-end">;

/** A merged histogram. All values in microseconds. */
export interface Latency {
  /** Values recorded. Percentiles of few values say little: P99 wants 10,000, P99.9 100,000. */
  readonly count: number;
  readonly mean: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
  /** The percentile distribution as text in the format of HdrHistogram (.hgrm), values in microseconds. */
  percentiles(): string;
}

const nanosecondsPerMs = 1e6;
const nanosecondsPerUs = 1e3;
/** About 198 days; longer values count as this. */
const highestNs = 2 ** 53 - 1;

/** Merges snapshots of all threads into one HDR histogram with three digits. */
export async function mergeLatency(snapshots: readonly LatencySnapshot[]): Promise<Latency> {
  const { build } = await import("hdr-histogram-js"); // slow to load, and many engines are never asked
  const histogram = build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: highestNs,
    numberOfSignificantValueDigits: 3,
    bitBucketSize: 32,
    useWebAssembly: false,
  });
  for (const { values, counts } of snapshots) {
    values.forEach((value, index) => {
      histogram.recordValueWithCount(Math.min(highestNs, Math.round(value * nanosecondsPerMs)), counts[index] as number);
    });
  }
  return summarise(histogram);
}

function summarise(histogram: Histogram): Latency {
  // A percentile is the upper end of a bucket, which may lie beyond the largest value.
  const at = (percentile: number) => Math.min(histogram.getValueAtPercentile(percentile), histogram.maxValue) / nanosecondsPerUs;
  return {
    count: histogram.totalCount,
    // Each goes through all buckets, so it is worked out for those who ask.
    get mean() {
      return histogram.totalCount === 0 ? 0 : histogram.mean / nanosecondsPerUs;
    },
    get p50() {
      return at(50);
    },
    get p90() {
      return at(90);
    },
    get p99() {
      return at(99);
    },
    get p999() {
      return at(99.9);
    },
    max: histogram.maxValue / nanosecondsPerUs,
    percentiles: () => histogram.outputPercentileDistribution(5, nanosecondsPerUs),
  };
}
