import type { Keyed, KeyedUnit } from "../harness/keyed-units.js";
import type { LatencyCurveSample } from "../harness/measurements/latency-curve.js";
import type { MeasuringOptions } from "../harness/measuring-options.js";
import { type OpenLoopSummary, summariseOpenLoop } from "../harness/open-loop/summary.js";
import { fullPace, quickPace } from "../harness/pace.js";
import { median } from "../harness/statistics.js";

/** How the engine is started. */
export interface LoadSetting {
  readonly workers: number;
  readonly profile: "throughput" | "latency";
}

/** From the intended start of runs to their answers, in µs, over all rounds. */
export interface LoadLatency extends LoadSetting, OpenLoopSummary {
  /** Offered load ÷ capacity. */
  readonly share: number;
  readonly capacityPerSecond: number;
  readonly offeredPerSecond: number;
}

/** Runs in flight while the capacity is measured. */
const IN_FLIGHT = 64;
/** The smallest shape in which tasks part and meet again. */
const TEN_TASKS = "fan-10";
/** P99 needs 10,000 runs over all rounds; the lowest load has a few thousand a second. */
const OPEN_LOOP_MS = 1_000;
const QUICK_OPEN_LOOP_MS = 50;

const keyOf = ({ workers, profile }: LoadSetting) => `load ${workers} ${profile}`;

/** The control thread submits all the time: with a worker a core it has none of its own. */
export function workersToSpare(cores: number): number {
  return Math.max(1, cores - 1);
}

export function loadUnit(setting: LoadSetting, shares: readonly number[], { isQuick, seed }: MeasuringOptions): KeyedUnit {
  return {
    key: keyOf(setting),
    contender: "dataflower",
    workloads: [TEN_TASKS],
    parameters: {
      measure: "latency-curve",
      threads: setting.workers,
      profile: setting.profile,
      handlers: "sync",
      inFlight: IN_FLIGHT,
      ...(isQuick ? quickPace : fullPace),
      shares,
      openLoopMs: isQuick ? QUICK_OPEN_LOOP_MS : OPEN_LOOP_MS,
      seed,
    },
  };
}

/** One a share, in the order in which they were measured. */
export function loadLatencies(setting: LoadSetting, all: readonly Keyed<object>[]): LoadLatency[] {
  const samples = all.filter(({ key }) => key === keyOf(setting)) as Keyed<LatencyCurveSample>[]; // as: the key says what it is
  const shares = samples[0]?.loads.map(({ share }) => share) ?? [];
  return shares.map((share, index) => {
    const loads = samples.map((sample) => sample.loads[index]!);
    return {
      ...setting,
      share,
      capacityPerSecond: median(samples.map((sample) => sample.capacityPerSecond)),
      offeredPerSecond: median(loads.map((load) => load.offeredPerSecond)),
      ...summariseOpenLoop(loads),
    };
  });
}
