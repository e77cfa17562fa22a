import { exactInterval } from "../harness/exact-interval.js";
import { LatencyHistogram } from "../harness/latency-histogram.js";
import { bootstrapMedian, type Estimate, ratio } from "../harness/statistics.js";
import { type Pair, pairedByRound } from "./paired-by-round.js";
import type { Sample, Share } from "./sample.js";

const CONFIDENCE = 0.95;

/** What the samples of an experiment say, computed from them alone: summary.json. `configs/schemas/summary.schema.json` describes it. */
export interface Summary {
  readonly category: string;
  readonly experiment: string;
  /** What it answers. */
  readonly question: string;
  /** What was found, in one line. */
  readonly headline: string;
  readonly profile: string;
  readonly seed: number;
  readonly rounds: number;
  /** Whether it ended before all rounds were measured. */
  readonly isPartial: boolean;
  /** What repeats it. */
  readonly command: string;
  readonly variants: readonly VariantSummary[];
  readonly ratios: readonly RatioSummary[];
  /** What the experiment computes of all variants together, such as the parameters of a fit. */
  readonly derived: Readonly<Record<string, Estimate>>;
  /** What was found to be wrong. A run with problems fails. */
  readonly problems: readonly string[];
}

export interface VariantSummary {
  readonly key: string;
  readonly labels: Labels;
  /** Samples. */
  readonly n: number;
  /** Why it was not measured. */
  readonly absent?: string;
  readonly metrics: Readonly<Record<string, MetricSummary>>;
  readonly shares: Readonly<Record<string, ShareSummary>>;
  readonly latencies: Readonly<Record<string, LatencySummary>>;
}

/** What a variant is, for tables and pictures. */
export type Labels = Readonly<Record<string, string | number>>;

/** Median of the rounds with its 95 % bootstrap interval, and the values themselves by round. */
export interface MetricSummary extends Estimate {
  readonly values: readonly number[];
}

/** Share of all rounds together with its exact 95 % interval. */
export interface ShareSummary extends Share, Estimate {}

/** Percentiles of all rounds together, in µs; absent where there are too few values for them. */
export interface LatencySummary {
  readonly count: number;
  readonly p50?: number;
  readonly p90?: number;
  readonly p99?: number;
  readonly p999?: number;
  readonly max: number;
  /** Shares of the values, and what they lie below: the curve of percentiles. */
  readonly curve: readonly (readonly [share: number, us: number])[];
}

/** How many times as much of a metric one variant has as another: median of the ratios of each round, with its 95 % interval. */
export interface RatioSummary extends Comparison, Estimate {}

export interface Comparison extends Pair {
  readonly name: string;
}

export interface SummaryOptions {
  readonly variants: readonly { readonly key: string; readonly labels: Labels }[];
  readonly comparisons: readonly Comparison[];
  /** Decides the resampling. */
  readonly seed: number;
}

/** Of a comparison those rounds count in which both were measured; one of variants that never were is left out. */
export function summarise(
  samples: readonly Sample[],
  { variants, comparisons, seed }: SummaryOptions,
): Pick<Summary, "variants" | "ratios"> {
  return {
    variants: variants.map(({ key, labels }) => {
      const own = samples.filter(({ variant }) => variant === key);
      return { key, labels, ...variantSummary(own, seed) };
    }),
    ratios: comparisons.flatMap((comparison) => {
      const estimate = ratioOf(samples, comparison, seed);
      return estimate === undefined ? [] : [{ ...comparison, ...estimate }];
    }),
  };
}

function variantSummary(samples: readonly Sample[], seed: number): Omit<VariantSummary, "key" | "labels"> {
  const measured = samples.filter(({ absent }) => absent === undefined);
  const absent = samples.find((sample) => sample.absent !== undefined)?.absent;
  return {
    n: measured.length,
    ...(measured.length === 0 && absent !== undefined && { absent }),
    metrics: eachOf(
      measured.map(({ metrics }) => metrics),
      (values) => ({ ...bootstrapMedian(values, seed), values }),
    ),
    shares: eachOf(
      measured.map(({ shares }) => shares),
      shareSummary,
    ),
    latencies: eachOf(
      measured.map(({ latencies }) => latencies),
      latencySummary,
    ),
  };
}

/** What all samples have under each name, summarised. */
function eachOf<Value, Result>(
  records: readonly (Readonly<Record<string, Value>> | undefined)[],
  summary: (values: readonly Value[]) => Result,
): Record<string, Result> {
  const names = new Set(records.flatMap((record) => Object.keys(record ?? {})));
  return Object.fromEntries([...names].map((name) => [name, summary(records.flatMap((record) => record?.[name] ?? []))]));
}

function shareSummary(shares: readonly Share[]): ShareSummary {
  const hits = shares.reduce((sum, share) => sum + share.hits, 0);
  const of = shares.reduce((sum, share) => sum + share.of, 0);
  return { hits, of, median: hits / of, ...exactInterval(hits, of, CONFIDENCE) };
}

function latencySummary(encoded: readonly string[]): LatencySummary {
  const histogram = LatencyHistogram.merged(encoded);
  const quantile = (name: string, value: number | undefined) => (value === undefined ? {} : { [name]: value });
  return {
    count: histogram.count,
    ...quantile("p50", histogram.quantileUs(0.5)),
    ...quantile("p90", histogram.quantileUs(0.9)),
    ...quantile("p99", histogram.quantileUs(0.99)),
    ...quantile("p999", histogram.quantileUs(0.999)),
    max: histogram.maxUs,
    curve: histogram.curveUs(),
  };
}

function ratioOf(samples: readonly Sample[], comparison: Comparison, seed: number): Estimate | undefined {
  const pairs = pairedByRound(samples, comparison);
  if (pairs.length === 0) return undefined;
  return ratio(
    pairs.map(([mine]) => mine),
    pairs.map(([, other]) => other),
    seed,
  );
}

/** The variant of this key. Throws where there is none. */
export function variantOf({ variants, experiment }: Summary, key: string): VariantSummary {
  const found = variants.find((variant) => variant.key === key);
  if (found === undefined) throw new Error(`Cannot read ${experiment} as it must have the variant ${key}: it has not`);
  return found;
}
