import { hopLatencies, hopUnits } from "../benchmarks/hop-latencies.js";
import { loadLatencies, loadUnit, workersToSpare } from "../benchmarks/load-latencies.js";
import { largeGraphUnit, MEGABYTE } from "../benchmarks/memory-figures.js";
import { curveOf, METG_WIDTHS, referenceUnit, stencilUnit } from "../benchmarks/metg-curves.js";
import { commandLine, inProcess } from "../benchmarks/start-times.js";
import type { Throughput } from "../harness/closed-loop.js";
import { measureInFreshProcess } from "../harness/fresh-process.js";
import type { Keyed, KeyedUnit } from "../harness/keyed-units.js";
import type { LargeGraphSample } from "../harness/measurements/large-graph.js";
import type { MetgReferenceSample, MetgSample } from "../harness/measurements/metg.js";
import type { ThroughputParameters } from "../harness/measurements/throughput.js";
import type { MeasuringOptions } from "../harness/measuring-options.js";
import { fullPace, quickPace } from "../harness/pace.js";

/** What is measured of both builds. */
export interface Case {
  readonly name: string;
  /** One after the other, each in a fresh process. */
  readonly measure: (options: MeasuringOptions) => Promise<readonly Figure[]>;
}

/** One number of one build; the builds are compared by the names of their figures. */
export interface Figure {
  readonly name: string;
  /** Rates are better where they are higher, all others where they are lower. */
  readonly unit: "tasks/s" | "µs" | "ms" | "MB";
  /** Infinite where a level was not reached; NaN where there are too few values for a percentile. */
  readonly value: number;
}

const IN_FLIGHT = 64;
const METG_LEVEL = 0.5;

/** Throughput of the stencil with every worker and with one, sync and async, and of small runs; then all else that goals are about. */
export function casesOf(cores: number): Case[] {
  return [
    throughput("stencil-100", cores),
    throughput("stencil-100", 1),
    throughput("stencil-100", cores, "async"),
    throughput("fan-10", cores),
    throughput("chain-1", cores),
    ...METG_WIDTHS.map(metg),
    { name: "hops", measure: measureHops },
    { name: "half load", measure: measureHalfLoad },
    { name: "large graph", measure: measureLargeGraph },
    { name: "start", measure: measureStart },
  ];
}

function throughput(workload: string, threads: number, handlers: "sync" | "async" = "sync"): Case {
  const name = `${workload}, ${threads} workers, ${handlers} handlers`;
  return {
    name,
    async measure(options) {
      const pace = options.isQuick ? quickPace : fullPace;
      const parameters: ThroughputParameters = { measure: "throughput", threads, handlers, inFlight: IN_FLIGHT, ...pace };
      const [sample] = await measureKeyed<Throughput>({ key: name, contender: "dataflower", workloads: [workload], parameters }, options);
      return [{ name, unit: "tasks/s", value: sample!.tasksPerSecond }];
    },
  };
}

function metg(width: number): Case {
  const name = `METG(${METG_LEVEL * 100} %), ${width} columns`;
  return {
    name,
    async measure(options) {
      const units = [referenceUnit(options), stencilUnit("dataflower", width, options)];
      const { metg: found } = curveOf("dataflower", width, await measureAll<MetgSample | MetgReferenceSample>(units, options), options);
      return [{ name, unit: "µs", value: found.find(({ level }) => level === METG_LEVEL)!.us.median }];
    },
  };
}

async function measureHops(options: MeasuringOptions): Promise<Figure[]> {
  const hops = hopLatencies(await measureAll(hopUnits(options), options));
  return hops.map(({ kind, p50 = Number.NaN }) => ({ name: `${kind} hop, P50`, unit: "µs", value: p50 }));
}

async function measureHalfLoad(options: MeasuringOptions): Promise<Figure[]> {
  const setting = { workers: workersToSpare(options.cores), profile: "throughput" } as const;
  const [load] = loadLatencies(setting, await measureAll([loadUnit(setting, [0.5], options)], options));
  const { p50 = Number.NaN, p99 = Number.NaN } = load!; // of the one share
  const name = (percentile: string) => `10-task run at half load, ${percentile}`;
  return [
    { name: name("P50"), unit: "µs", value: p50 },
    { name: name("P99"), unit: "µs", value: p99 },
  ];
}

async function measureLargeGraph(options: MeasuringOptions): Promise<Figure[]> {
  const [sample] = await measureKeyed<LargeGraphSample>(largeGraphUnit(options), options);
  const { startMs, runMs, residentBytesMax } = sample!; // one workload, one sample
  return [
    { name: "million tasks, memory", unit: "MB", value: residentBytesMax / MEGABYTE },
    { name: "million tasks, start()", unit: "ms", value: startMs },
    { name: "million tasks, run", unit: "ms", value: runMs },
  ];
}

async function measureStart(options: MeasuringOptions): Promise<Figure[]> {
  const times = { ...(await inProcess(options)), ...(await commandLine(options)) };
  const figure = (name: string, value = Number.NaN): Figure => ({ name, unit: "ms", value });
  return [
    figure("import", times.importMs),
    figure("start()", times.startMs),
    figure("first run", times.firstRunMs),
    figure("command line", times.commandLine),
  ];
}

async function measureAll<Sample extends object>(units: readonly KeyedUnit[], options: MeasuringOptions): Promise<Keyed<Sample>[]> {
  const samples: Keyed<Sample>[] = [];
  for (const unit of units) samples.push(...(await measureKeyed<Sample>(unit, options)));
  return samples;
}

async function measureKeyed<Sample extends object>(unit: KeyedUnit, { packageRoot }: MeasuringOptions): Promise<Keyed<Sample>[]> {
  const printed = (await measureInFreshProcess(unit, { packageRoot })) as Sample[]; // as: the caller knows what this unit prints
  return printed.map((sample) => ({ ...sample, key: unit.key, round: 0, stealShare: 0, repeats: 0 }));
}
