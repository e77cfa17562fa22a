import { type Estimate, ratioOfMeans } from "../harness/statistics.js";

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
  /** Geometric mean of the second run ÷ that of the first one, with its 95 % interval. */
  readonly ratio: Estimate;
  /** Values in the first run and in the second one. */
  readonly n: readonly [number, number];
  /** Whether 1 is outside of the interval. */
  readonly isDifferent: boolean;
}

/** All metrics that two runs have in common. */
export interface RunComparison {
  /** Those that were measured: whose values are not the same in both. The ones that differ come first, those that differ most before all. */
  readonly measured: readonly MetricComparison[];
  /** How many have the same values in both, as what is simulated has. */
  readonly same: number;
  /** How many have a value of 0 or below, of which there is no ratio, or one value in each run, of which there is no interval. */
  readonly incomparable: number;
}

/** Holds every metric that two runs have in common against each other. */
export function compareSummaries(a: readonly ComparedSummary[], b: readonly ComparedSummary[]): RunComparison {
  const before = new Map(a.flatMap((summary) => valuesOf(summary).map((own) => [nameOf(own), own] as const)));
  const pairs = b.flatMap(valuesOf).flatMap((after) => {
    const own = before.get(nameOf(after));
    return own === undefined ? [] : [[own, after] as const];
  });
  const changed = pairs.filter(([own, after]) => JSON.stringify(own.values) !== JSON.stringify(after.values));
  const measured = changed.flatMap(([own, after]) => comparisonOf(own, after));
  measured.sort((one, other) => Number(other.isDifferent) - Number(one.isDifferent) || distance(other) - distance(one));
  return { measured, same: pairs.length - changed.length, incomparable: changed.length - measured.length };
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

function comparisonOf(before: Values, { experiment, variant, metric, values }: Values): MetricComparison[] {
  const ratio = ratioOfMeans(values, before.values);
  if (![ratio.median, ratio.low, ratio.high].every(Number.isFinite)) return [];
  const isDifferent = ratio.low > 1 || ratio.high < 1;
  return [{ experiment, variant, metric, ratio, n: [before.values.length, values.length], isDifferent }];
}

/** How far from 1, in factors: half as much is as far as twice as much. */
function distance({ ratio }: MetricComparison): number {
  return ratio.median > 0 ? Math.abs(Math.log(ratio.median)) : Number.MAX_VALUE;
}
