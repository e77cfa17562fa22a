import type { Keyed, KeyedUnit } from "../harness/keyed-units.js";
import { LatencyHistogram } from "../harness/latency-histogram.js";
import type { HopParameters, HopSample } from "../harness/measurements/hops.js";
import type { MeasuringOptions } from "../harness/measuring-options.js";
import { median } from "../harness/statistics.js";
import type { HopKind } from "../workloads/hop-rows.js";

/** From the task that makes another ready to the start of that one on the other worker, in µs, over all rounds. */
export interface HopLatency {
  readonly kind: HopKind;
  readonly count: number;
  /** Share of the pairs that nobody came for in time; see HopSample. */
  readonly stayedShare: number;
  readonly p50?: number | undefined;
  readonly p90?: number | undefined;
  readonly p99?: number | undefined;
  readonly max: number;
  /** Median of the rounds: what the engine itself has recorded. */
  readonly ownP50: number;
}

const KINDS = ["warm", "cold"] as const;
const keyOf = (kind: HopKind) => `hop ${kind}`;

export function hopUnits({ isQuick, rounds }: MeasuringOptions): KeyedUnit[] {
  const full = { warm: { warmupRuns: 40, pairs: Math.max(2_000, Math.ceil(15_000 / rounds)) }, cold: { warmupRuns: 3, pairs: 200 } };
  const quick = { warm: { warmupRuns: 1, pairs: 100 }, cold: { warmupRuns: 0, pairs: 20 } };
  return KINDS.map((kind) => {
    const parameters: HopParameters = { measure: "hops", kind, ...(isQuick ? quick : full)[kind] };
    return { key: keyOf(kind), contender: "dataflower", workloads: [`hops-${kind}`], parameters };
  });
}

export function hopLatencies(all: readonly Keyed<object>[]): HopLatency[] {
  return KINDS.map((kind) => {
    const samples = all.filter(({ key }) => key === keyOf(kind)) as Keyed<HopSample>[]; // as: the key says what it is
    const hops = LatencyHistogram.merged(samples.map((sample) => sample.hops));
    return {
      kind,
      count: hops.count,
      stayedShare: samples.reduce((sum, { stayed }) => sum + stayed, 0) / hops.count,
      p50: hops.quantileUs(0.5),
      p90: hops.quantileUs(0.9),
      p99: hops.quantileUs(0.99),
      max: hops.maxUs,
      ownP50: median(samples.map(({ own }) => own.p50)),
    };
  });
}
