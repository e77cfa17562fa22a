import { type Keyed, type KeyedUnit, measureKeyedUnits } from "../harness/keyed-units.js";
import { curvePointsOf, type MetgReferenceSample, type MetgSample } from "../harness/measurements/metg.js";
import type { MeasuringOptions } from "../harness/measuring-options.js";
import { type CurvePoint, medianCurve, metgUs, smallestReaching } from "../harness/metg-curve.js";
import { bootstrap, type Estimate, median } from "../harness/statistics.js";
import type { StencilContender } from "../peers/stencil-1d/contenders.js";

/** How the efficiency of one contender falls with the size of tasks. */
export interface MetgCurve {
  readonly contender: StencilContender;
  readonly width: number;
  /** From large to small tasks; medians of the rounds. */
  readonly points: readonly (CurvePoint & { readonly kernelRepeats: number; readonly smallestShare?: number | undefined })[];
  readonly metg: readonly Metg[];
}

export interface Metg {
  /** Efficiency, such as 0.5. */
  readonly level: number;
  /** In µs; infinite where it is not reached. */
  readonly us: Estimate;
  /** At the smallest tasks that reach it: share of the tasks of the worker with the fewest. Absent where it is not known. */
  readonly smallestShare?: number | undefined;
}

export interface MetgCurves {
  readonly curves: readonly MetgCurve[];
  readonly samples: readonly unknown[];
  readonly note: string;
}

export const METG_LEVELS = [0.5, 0.8] as const;
export const METG_WIDTHS = [2, 8] as const;

const REFERENCE = "reference";
/** Repeats of the kernel: tasks of 1.2 ms down to 1 µs, closer together where goals are. */
const LENGTHS = [16384, 8192, 4096, 2048, 1024, 724, 512, 362, 256, 181, 128, 91, 64, 45, 32, 23, 16, 8];
/** Of the wider stencil a run of such tasks takes seconds, and it needs none so long to be busy all the time. */
const WIDE_LENGTHS = LENGTHS.filter((repeats) => repeats <= 4096);
/** A message a task costs so much that shorter ones say nothing. */
const POOL_LENGTHS = [8192, 4096, 2048, 1024, 512, 256];
const QUICK_LENGTHS = [1024, 32];

/** Of one process. */
export type MetgProcess = Keyed<MetgSample | MetgReferenceSample>;

/** Measures the curves of these contenders at all widths, interleaved with the rate of plain threads. */
export async function measureMetgCurves(contenders: readonly StencilContender[], options: MeasuringOptions): Promise<MetgCurves> {
  const units = contenders.flatMap((contender) => METG_WIDTHS.map((width) => stencilUnit(contender, width, options)));
  const { samples, note } = await measureKeyedUnits<MetgSample | MetgReferenceSample>("metg", [...units, referenceUnit(options)], options);
  const curves = contenders.flatMap((contender) => METG_WIDTHS.map((width) => curveOf(contender, width, samples, options)));
  return { curves, samples, note };
}

const keyOf = (contender: StencilContender, width: number) => `${contender} ${width}`;

/** The stencil with tasks of many sizes. */
export function stencilUnit(contender: StencilContender, width: number, { cores, isQuick }: MeasuringOptions): KeyedUnit {
  const isPool = contender === "piscina-task";
  const kernelRepeats = isQuick ? QUICK_LENGTHS : isPool ? POOL_LENGTHS : width > 2 ? WIDE_LENGTHS : LENGTHS;
  const pace = isQuick ? { warmupRuns: 0, lengthMs: 1 } : { warmupRuns: isPool ? 1 : 2, lengthMs: 100 };
  return {
    key: keyOf(contender, width),
    contender,
    workloads: [`stencil-1d-${width}`],
    parameters: { measure: "metg", threads: cores, width, kernelRepeats, ...pace },
  };
}

/** Plain threads, which the curves are held against. Of long kernels: reading the clock between them costs nothing then. */
export function referenceUnit({ cores, isQuick }: MeasuringOptions): KeyedUnit {
  const pace = isQuick ? { passMs: 20, passes: 2 } : { passMs: 200, passes: 5 };
  const parameters = { measure: "metg-reference", threads: cores, kernelRepeats: 1024, ...pace } as const;
  return { key: REFERENCE, contender: "plain-threads", workloads: ["kernel"], parameters };
}

/** The curve of one contender: the samples of each round beside the reference of that round. */
export function curveOf(
  contender: StencilContender,
  width: number,
  samples: readonly MetgProcess[],
  { cores, seed }: Pick<MeasuringOptions, "cores" | "seed">,
): MetgCurve {
  const rounds = samples.filter(({ key }) => key === keyOf(contender, width)) as Keyed<MetgSample>[]; // as: the key says what it is
  const references = samples.filter(({ key }) => key === REFERENCE) as Keyed<MetgReferenceSample>[];
  const curves = rounds.map((round, index) => curvePointsOf(round, { cores, bestRate: references[index]!.repeatsPerSecond }));
  const points = medianCurve(curves).map((point, at) => ({
    kernelRepeats: rounds[0]!.lengths[at]!.kernelRepeats,
    ...point,
    smallestShare: medianOf(rounds.map(({ lengths }) => lengths[at]!.smallestShare)),
  }));
  const metg = METG_LEVELS.map((level) => ({
    level,
    us: bootstrap(curves, (drawn) => metgUs(medianCurve(drawn), level), seed),
    smallestShare: smallestReaching(points, level)?.smallestShare,
  }));
  return { contender, width, points, metg };
}

/** Undefined where it was not told. */
function medianOf(values: readonly (number | undefined)[]): number | undefined {
  const told = values.filter((value) => value !== undefined);
  return told.length === 0 ? undefined : median(told);
}
