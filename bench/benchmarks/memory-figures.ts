import type { Keyed, KeyedUnit } from "../harness/keyed-units.js";
import type { LargeGraphSample } from "../harness/measurements/large-graph.js";
import type { PendingMemoryParameters, PendingMemorySample } from "../harness/measurements/pending-memory.js";
import type { ResidentMemorySample } from "../harness/measurements/resident-memory.js";
import type { MeasuringOptions } from "../harness/measuring-options.js";
import { bootstrapMedian, type Estimate, slope } from "../harness/statistics.js";

/** What a task that has not started takes of memory, in bytes: what is there while so many of them are pending, less what was there before. */
export interface PendingFigure extends Omit<PendingMemoryParameters, "measure"> {
  readonly pending: number;
  /** What the run holds: less an engine that has loaded the graph. */
  readonly bytes: Estimate;
  /** With the compiled graph, which all runs share: less an engine that has never heard of it. */
  readonly withGraph: Estimate;
  /** As `bytes`, of the whole process, garbage included. */
  readonly resident: Estimate;
}

export interface LargeGraphFigure {
  readonly tasks: number;
  readonly startMs: Estimate;
  readonly runMs: Estimate;
  /** Most that the process ever had in memory. */
  readonly residentMb: Estimate;
}

export interface ResidentFigure {
  readonly runs: number;
  /** By how much the process grows in half as many runs, by the slope over the second half of the runs. */
  readonly growthMb: Estimate;
  /** Of each round. */
  readonly curves: readonly ResidentMemorySample["readings"][];
}

export interface MemoryFigures {
  readonly pending: readonly PendingFigure[];
  readonly largeGraph: LargeGraphFigure;
  readonly resident: ResidentFigure;
}

export const MEGABYTE = 1e6;
const LARGE_GRAPH = "large graph";
const RESIDENT = "resident";
/** Ways to have as many pending tasks, by runs under way at the same time. */
const CASES = [
  { stage: "waiting", runs: 1 },
  { stage: "waiting", runs: 1_000 },
  { stage: "ready", runs: 1 },
] as const;
const PENDING = 100_000;
const QUICK_PENDING = 2_000;
const QUICK_RUNS_MAX = 20;

export function memoryUnits(options: MeasuringOptions): KeyedUnit[] {
  const { cores, isQuick } = options;
  const runs = isQuick ? { runs: 2_000, readEvery: 100 } : { runs: 100_000, readEvery: 1_000 };
  return [
    ...pendingCases(options).map((parameters) => ({ ...OWN, key: keyOf(parameters), nodeFlags: ["--expose-gc"], parameters })),
    largeGraphUnit(options),
    { ...OWN, key: RESIDENT, workloads: ["fan-10"], parameters: { measure: "resident-memory", threads: cores, inFlight: 64, ...runs } },
  ];
}

/** One run of a million tasks. */
export function largeGraphUnit({ cores, isQuick }: MeasuringOptions): KeyedUnit {
  const size = isQuick ? { columns: 50, rows: 40 } : { columns: 1_000, rows: 1_000 };
  return { ...OWN, key: LARGE_GRAPH, parameters: { measure: "large-graph", threads: cores, ...size } };
}

const OWN = { contender: "dataflower", workloads: ["memory"] } as const;

function pendingCases({ isQuick }: MeasuringOptions): PendingMemoryParameters[] {
  const pending = isQuick ? QUICK_PENDING : PENDING;
  return ([0, 1] as const).flatMap((workers) =>
    CASES.map(({ stage, runs: most }) => {
      const runs = isQuick ? Math.min(most, QUICK_RUNS_MAX) : most;
      return { measure: "pending-memory", workers, stage, runs, pendingOfRun: pending / runs };
    }),
  );
}

const keyOf = ({ workers, stage, runs }: PendingMemoryParameters) => `pending ${workers} ${stage} ${runs}`;

export function memoryFigures(samples: readonly Keyed<object>[], options: MeasuringOptions): MemoryFigures {
  const of = <Sample>(key: string) => samples.filter((sample) => sample.key === key) as Keyed<Sample & object>[]; // as: the key says what it is
  return {
    pending: pendingCases(options).map((parameters) => pendingFigure(parameters, of<PendingMemorySample>(keyOf(parameters)), options)),
    largeGraph: largeGraphFigure(of<LargeGraphSample>(LARGE_GRAPH), options),
    resident: residentFigure(of<ResidentMemorySample>(RESIDENT), options),
  };
}

function pendingFigure(
  parameters: PendingMemoryParameters,
  samples: readonly PendingMemorySample[],
  { seed }: MeasuringOptions,
): PendingFigure {
  const { workers, stage, runs, pendingOfRun } = parameters;
  const estimate = (bytes: (sample: PendingMemorySample) => number) =>
    bootstrapMedian(
      samples.map((sample) => bytes(sample) / sample.pending),
      seed,
    );
  return {
    ...{ workers, stage, runs, pendingOfRun, pending: runs * pendingOfRun },
    bytes: estimate(({ live, loaded }) => live.liveBytes - loaded.liveBytes),
    withGraph: estimate(({ live, bare }) => live.liveBytes - bare.liveBytes),
    resident: estimate(({ live, loaded }) => live.residentBytes - loaded.residentBytes),
  };
}

function largeGraphFigure(samples: readonly LargeGraphSample[], { seed }: MeasuringOptions): LargeGraphFigure {
  const estimate = (value: (sample: LargeGraphSample) => number) => bootstrapMedian(samples.map(value), seed);
  return {
    tasks: samples[0]?.tasks ?? 0,
    startMs: estimate(({ startMs }) => startMs),
    runMs: estimate(({ runMs }) => runMs),
    residentMb: estimate(({ residentBytesMax }) => residentBytesMax / MEGABYTE),
  };
}

function residentFigure(samples: readonly ResidentMemorySample[], { seed }: MeasuringOptions): ResidentFigure {
  const curves = samples.map(({ readings }) => readings);
  return { runs: curves[0]?.at(-1)?.runs ?? 0, growthMb: bootstrapMedian(curves.map(growthMb), seed), curves };
}

function growthMb(readings: ResidentMemorySample["readings"]): number {
  const half = (readings.at(-1)?.runs ?? 0) / 2;
  const later = readings.filter(({ runs }) => runs > half).map(({ runs, residentBytes }) => ({ x: runs, y: residentBytes }));
  return (slope(later) * half) / MEGABYTE;
}
