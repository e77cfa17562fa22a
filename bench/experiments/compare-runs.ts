import { type Estimate, ratioOfMedians } from "../harness/statistics.js";

/** What is compared of a summary: the values of each metric of each variant. */
export interface ComparedSummary {
  readonly category: string;
  readonly experiment: string;
  readonly variants: readonly {
    readonly key: string;
    readonly metrics: Readonly<Record<string, { readonly values: readonly number[] }>>;
  }[];
}

/** One metric of two runs. */
export interface MetricComparison {
  readonly experiment: string;
  readonly variant: string;
  readonly metric: string;
  /** Median of the second run ÷ median of the first one, with its 95 % interval. */
  readonly ratio: Estimate;
  /** Values in the first run and in the second one. */
  readonly n: readonly [number, number];
  /** Whether 1 is outside of the interval. */
  readonly isDifferent: boolean;
}

/**
 * Holds every metric that two runs have in common against each other: those that differ come first, those that differ most before all. A metric whose
 * ratio is no number, as it is 0 in the first run, is left out.
 *
 * @param seed decides the resampling
 */
export function compareSummaries(a: readonly ComparedSummary[], b: readonly ComparedSummary[], seed: number): MetricComparison[] {
  const before = new Map(a.flatMap((summary) => valuesOf(summary).map((own) => [nameOf(own), own] as const)));
  const found = b.flatMap(valuesOf).flatMap((after) => {
    const own = before.get(nameOf(after));
    return own === undefined ? [] : comparisonOf(own, after, seed);
  });
  return found.sort((one, other) => Number(other.isDifferent) - Number(one.isDifferent) || distance(other) - distance(one));
}

interface Values {
  readonly experiment: string;
  readonly variant: string;
  readonly metric: string;
  readonly values: readonly number[];
}

function valuesOf({ experiment, variants }: ComparedSummary): Values[] {
  return variants.flatMap(({ key, metrics }) =>
    Object.entries(metrics).map(([metric, { values }]) => ({ experiment, variant: key, metric, values })),
  );
}

function nameOf({ experiment, variant, metric }: Values): string {
  return JSON.stringify([experiment, variant, metric]);
}

function comparisonOf(before: Values, { experiment, variant, metric, values }: Values, seed: number): MetricComparison[] {
  if (before.values.length === 0 || values.length === 0) return [];
  const ratio = ratioOfMedians(values, before.values, seed);
  if (![ratio.median, ratio.low, ratio.high].every(Number.isFinite)) return [];
  const isDifferent = ratio.low > 1 || ratio.high < 1;
  return [{ experiment, variant, metric, ratio, n: [before.values.length, values.length], isDifferent }];
}

/** How far from 1, in factors: half as much is as far as twice as much. */
function distance({ ratio }: MetricComparison): number {
  return ratio.median > 0 ? Math.abs(Math.log(ratio.median)) : Number.MAX_VALUE;
}
