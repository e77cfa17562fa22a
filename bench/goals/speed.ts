import { hopLatencies, hopUnits } from "../benchmarks/hop-latencies.js";
import { type LoadSetting, loadLatencies, loadUnit, workersToSpare } from "../benchmarks/load-latencies.js";
import { memoryFigures, memoryUnits } from "../benchmarks/memory-figures.js";
import { measureMetgCurves } from "../benchmarks/metg-curves.js";
import { measureStartTimes } from "../benchmarks/start-times.js";
import { type KeyedUnit, measureKeyedUnits } from "../harness/keyed-units.js";
import type { WordCountMakespanSample } from "../harness/measurements/word-count-makespan.js";
import type { MeasuringOptions } from "../harness/measuring-options.js";
import { recordedTraces, sharedDataOf } from "../workloads/recorded-traces.js";
import { eachOf } from "./each-of.js";
import type { Findings } from "./measurement.js";
import { COMMAND, speedFindings } from "./speed-findings.js";
import { measureThroughputGoals } from "./throughput.js";
import { measureSpinReplay, SPIN_UPPER_MS, type SpinReplay } from "./trace-replays.js";

const HALF = [0.5];
/** Memory hardly differs from process to process, and a graph of a million tasks takes its time. */
const MEMORY_ROUNDS_MAX = 3;
const QUICK_TRACES = 2;
const QUICK_NOTE = "Quick: cold code, small graphs and few values; what needs more is not judged.\n";
const MISSING_NOTE = "No recorded workflow was replayed: there is no third-party data in ../shared/data\n";

/** Every goal of speed that needs no store, each kind in interleaved rounds of fresh processes. */
export async function measureSpeedGoals(options: MeasuringOptions): Promise<Findings> {
  const throughput = await measureThroughputGoals(options);
  const metg = await measureMetgCurves(["dataflower"], options);
  const settings = settingsFor(options.cores);
  const latencyUnits = [...hopUnits(options), ...settings.map((setting) => loadUnit(setting, HALF, options))];
  const latency = await measureKeyedUnits("latency goals", latencyUnits, options);
  const spins = await measureSpins(options);
  const words = await measureKeyedUnits<WordCountMakespanSample>("word count", [wordCountUnit(options)], options);
  const memory = await measureKeyedUnits("memory goals", memoryUnits(options), {
    ...options,
    rounds: Math.min(options.rounds, MEMORY_ROUNDS_MAX),
  });
  const start = await measureStartTimes(options);
  const figures = {
    metg: metg.curves,
    hops: hopLatencies(latency.samples),
    loads: settings.flatMap((setting) => loadLatencies(setting, latency.samples)),
    spins: spins ?? [],
    wordCounts: words.samples.flatMap(({ runs }) => runs),
    memory: memoryFigures(memory.samples, options),
    start,
  };
  const parts = [throughput, metg, latency, words, memory, start];
  return {
    findings: [...throughput.findings.map((finding) => ({ ...finding, command: COMMAND })), ...speedFindings(figures, options.seed)],
    samples: [...parts.flatMap(({ samples }) => samples), ...figures.spins],
    note: noteOf(parts, { isQuick: options.isQuick, isMissing: spins === undefined }),
  };
}

/** The first one is what the goals are about. */
function settingsFor(cores: number): LoadSetting[] {
  const workers = workersToSpare(cores);
  return [
    { workers, profile: "throughput" },
    { workers, profile: "latency" },
    ...(cores > workers ? [{ workers: cores, profile: "throughput" } as const] : []),
  ];
}

function wordCountUnit({ cores: threads, packageRoot, isQuick }: MeasuringOptions): KeyedUnit {
  const parameters = { measure: "word-count-makespan", threads, packageRoot, repeats: isQuick ? 1 : 5 } as const;
  return { key: "word count", contender: "dataflower", workloads: ["word-count"], parameters };
}

/** Undefined where there are no recorded workflows. */
async function measureSpins({ packageRoot, isQuick }: MeasuringOptions): Promise<SpinReplay[] | undefined> {
  const sharedData = sharedDataOf(packageRoot);
  if (sharedData === undefined) return undefined;
  const traces = recordedTraces(sharedData);
  const chosen = isQuick ? traces.slice(0, QUICK_TRACES) : traces;
  return eachOf("replays that spin", chosen, (trace) => measureSpinReplay(packageRoot, trace, SPIN_UPPER_MS));
}

function noteOf(parts: readonly { readonly note: string }[], { isQuick, isMissing }: { isQuick: boolean; isMissing: boolean }): string {
  const notes = new Set([isQuick ? QUICK_NOTE : "", isMissing ? MISSING_NOTE : "", ...parts.map(({ note }) => note)]);
  return [...notes].join("");
}
