import type { HopLatency } from "../benchmarks/hop-latencies.js";
import type { LoadLatency } from "../benchmarks/load-latencies.js";
import type { MemoryFigures, PendingFigure } from "../benchmarks/memory-figures.js";
import type { MetgCurve } from "../benchmarks/metg-curves.js";
import type { StartTimes } from "../benchmarks/start-times.js";
import type { MeasuredMakespan } from "../harness/measurements/word-count-makespan.js";
import type { Estimate } from "../harness/statistics.js";
import { count } from "../report/quantities.js";
import { type Finding, type Goal, medianFinding, plainFinding } from "./goal.js";
import { makespanLimitMs, spinFindings } from "./simulator-findings.js";
import type { SpinReplay } from "./trace-replays.js";

export const COMMAND = "npm run goals -- speed";

/** METG in µs, at most, by the efficiency. */
const METG_US_MAX: Readonly<Record<number, number>> = { 0.5: 12, 0.8: 50 };
/** Each worker must execute so much of the tasks: on two cores one alone comes close to half of the efficiency. */
const SMALLEST_SHARE = 0.25;
const HOP_US_MAX = { warm: { p50: 5, p99: 50 }, cold: { p50: 100 } } as const;
const HALF_LOAD_MS_MAX = { p50: 0.3, p99: 10 } as const;
const PENDING_BYTES_MAX = 300;
const PENDING_NEEDED = 100_000;
const LARGE_GRAPH_TASKS = 1_000_000;
const LARGE_GRAPH_MB_MAX = 1_000;
const RUNS_IN_A_ROW = 100_000;
const GROWTH_MB_MAX = 10;
const START_MS_MAX = 150;
const COMMAND_LINE_MS_MAX = 400;

export interface SpeedFigures {
  readonly metg: readonly MetgCurve[];
  readonly hops: readonly HopLatency[];
  /** At half of the capacity. The first one is judged; the others are printed. */
  readonly loads: readonly LoadLatency[];
  readonly spins: readonly SpinReplay[];
  readonly wordCounts: readonly MeasuredMakespan[];
  readonly memory: MemoryFigures;
  readonly start: Pick<StartTimes, "figures">;
}

/** What is printed after the goals of throughput, in this order. What was measured too rarely or too small is not judged. */
export function speedFindings({ metg, hops, loads, spins, wordCounts, memory, start }: SpeedFigures, seed: number): Finding[] {
  return [
    ...metg.flatMap(metgFindings),
    ...hops.flatMap(hopFindings),
    ...loads.flatMap((load, index) => loadFindings(load, index === 0)),
    ...spinFindings(spins).map((finding) => ({ ...finding, command: COMMAND })),
    ...wordCountFindings(wordCounts, seed),
    ...memory.pending.filter(({ workers }) => workers === 0).map(pendingFinding),
    ...largeMemoryFindings(memory),
    estimateFinding(goal("DataFlower.start(), a worker a core", "ms", { limitMax: START_MS_MAX }), start.figures.startMs),
    estimateFinding(
      goal("dataflower run of five tasks, whole process", "ms", { limitMax: COMMAND_LINE_MS_MAX }),
      start.figures.commandLine,
    ),
  ];
}

function metgFindings({ width, metg }: MetgCurve): Finding[] {
  return metg.flatMap(({ level, us, smallestShare }) => {
    const limitMax = METG_US_MAX[level];
    const name = `METG(${level * 100} %), stencil W = ${width}`;
    return [
      estimateFinding(goal(name, "µs", limitMax === undefined ? {} : { limitMax }), us),
      valueFinding(goal(`${name}: tasks of the less busy worker`, "%", { limit: SMALLEST_SHARE }), smallestShare),
    ];
  });
}

function hopFindings({ kind, count: n, p50, p99 }: HopLatency): Finding[] {
  const name = `hop to the other worker, ${kind}`;
  const median = valueFinding(goal(`${name}, P50 of ${count(n)}`, "µs", { limitMax: HOP_US_MAX[kind].p50 }), p50);
  return kind === "cold" ? [median] : [median, valueFinding(goal(`${name}, P99`, "µs", { limitMax: HOP_US_MAX.warm.p99 }), p99)];
}

function loadFindings({ workers, profile, share, count: n, verdict, ...quantiles }: LoadLatency, isJudged: boolean): Finding[] {
  const note = verdict === "ok" ? "" : ` (${verdict})`;
  const name = `10-task runs at ${share * 100} % of capacity, workers ${workers}, ${profile}${note}`;
  return (["p50", "p99"] as const).map((quantile) => {
    const us = verdict === "ok" ? quantiles[quantile] : undefined;
    const limit = isJudged ? { limitMax: HALF_LOAD_MS_MAX[quantile] } : {};
    return valueFinding(goal(`${name}, ${quantile.toUpperCase()} of ${count(n)}`, "ms", limit), us === undefined ? undefined : us / 1e3);
  });
}

function wordCountFindings(runs: readonly MeasuredMakespan[], seed: number): Finding[] {
  const ofLimit = runs.map(({ makespanMs, upperMs }) => makespanMs / makespanLimitMs(upperMs));
  const efficiencies = runs.map(({ lowerMs, makespanMs }) => lowerMs / makespanMs);
  return [
    medianFinding(goal("word count: makespan ÷ (1.10 × Graham's bound of its task times + 20 ms)", "×", { limitMax: 1 }), ofLimit, seed),
    medianFinding(goal("word count: lower bound ÷ makespan", "×"), efficiencies, seed),
  ];
}

function pendingFinding({ stage, runs, pending, bytes }: PendingFigure): Finding {
  const wanted = goal(`a pending task, ${stage}, ${count(pending)} of ${count(runs)} runs`, "bytes", { limitMax: PENDING_BYTES_MAX });
  return pending < PENDING_NEEDED ? wanted : estimateFinding(wanted, bytes);
}

function largeMemoryFindings({ largeGraph, resident }: MemoryFigures): Finding[] {
  const large = goal(`a graph of ${count(largeGraph.tasks)} tasks: most that the process has resident`, "MB", {
    limitMax: LARGE_GRAPH_MB_MAX,
  });
  const grown = goal(`${count(resident.runs)} runs in a row: growth over half of them`, "MB", { limitMax: GROWTH_MB_MAX });
  return [
    largeGraph.tasks < LARGE_GRAPH_TASKS ? large : estimateFinding(large, largeGraph.residentMb),
    resident.runs < RUNS_IN_A_ROW ? grown : estimateFinding(grown, resident.growthMb),
  ];
}

function estimateFinding(wanted: Goal, estimate: Estimate): Finding {
  return { ...wanted, estimate };
}

/** Not measured where there is no value. */
function valueFinding(wanted: Goal, value: number | undefined): Finding {
  return value === undefined ? wanted : plainFinding(wanted, value);
}

function goal(name: string, unit: Goal["unit"], limits: Pick<Goal, "limit" | "limitMax"> = {}): Goal {
  return { name, unit, command: COMMAND, ...limits };
}
