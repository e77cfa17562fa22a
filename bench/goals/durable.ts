import { availableRows, type Row } from "../benchmarks/durable-peers/rows.js";
import { type KeyedUnit, measureKeyedUnits } from "../harness/keyed-units.js";
import type { DurableParameters } from "../harness/measurements/durable.js";
import type { DurableHopParameters } from "../harness/measurements/durable-hops.js";
import type { ResumptionParameters } from "../harness/measurements/resumption.js";
import type { ThroughputParameters } from "../harness/measurements/throughput.js";
import type { MeasuringOptions } from "../harness/measuring-options.js";
import { type Pace, quickPace } from "../harness/pace.js";
import { graphOf } from "../workloads/graphs.js";
import {
  durableFindings,
  FAN_IN,
  hopKey,
  IN_FLIGHT_MAX,
  memoryKey,
  RESUMED,
  RUNS_IN_FLIGHT,
  rateKey,
  resumptionKey,
  STENCIL,
  STEPS_40,
} from "./durable-findings.js";
import type { Findings } from "./measurement.js";
import { Figures } from "./throughput-findings.js";

/** A thousand runs in flight take longer than that at once: then every run of the first wave counts, and nothing after it. */
const PACE: Pace = { warmupMs: 1_000, measureMs: 1_500 };
/** With 39 hops each, as many as a P99 needs. */
const HOP_RUNS = 260;
const HOP_WARMUP_RUNS = 40;
const QUICK = { inFlight: [8], resumed: 50, hopRuns: 3 } as const;

/** What it costs that runs survive, beside what other durable engines take, in interleaved rounds of fresh processes with stores of their own. */
export async function measureDurableGoals(options: MeasuringOptions): Promise<Findings> {
  const { rows, notices } = availableRows(options.restate);
  const units = rows.flatMap((row) => unitsOf(row, options));
  const { samples, note } = await measureKeyedUnits<Record<string, unknown>>("durable goals", [...units, ...ownUnits(options)], options);
  const setting = { rows, seed: options.seed, resumed: options.isQuick ? QUICK.resumed : RESUMED };
  return { samples, findings: durableFindings(new Figures(samples), samples, setting), note: [...notices, note].join("") };
}

function unitsOf(row: Row, options: MeasuringOptions): KeyedUnit[] {
  const { cores: threads, isQuick, restate } = options;
  const { contender, store, durability, commit } = row;
  const setting = { threads, store, durability, commit, ...(restate && { restate }) };
  const rate = (workload: string, inFlight: number): KeyedUnit => {
    const parameters: DurableParameters = { measure: "durable", inFlight, ...setting, ...(isQuick ? quickPace : PACE) };
    return { key: rateKey(row, workload, inFlight), contender, workloads: [workload], parameters };
  };
  const hopRuns = isQuick ? QUICK.hopRuns : HOP_RUNS;
  const hops: DurableHopParameters = { measure: "durable-hops", warmupRuns: Math.min(hopRuns, HOP_WARMUP_RUNS), runs: hopRuns, ...setting };
  const workloads = [STENCIL, FAN_IN, STEPS_40].filter((workload) => row.canExecute?.(graphOf(workload)) ?? true);
  return [
    ...workloads.flatMap((workload) => (isQuick ? QUICK.inFlight : RUNS_IN_FLIGHT).map((inFlight) => rate(workload, inFlight))),
    { key: hopKey(row), contender, workloads: ["clocked-chain-40"], parameters: hops },
  ];
}

/** What the rows are compared with, and the engine that goes on with what another one has left. */
function ownUnits({ cores: threads, isQuick }: MeasuringOptions): KeyedUnit[] {
  const inFlight = isQuick ? QUICK.inFlight[0] : IN_FLIGHT_MAX;
  const pace = isQuick ? quickPace : PACE;
  const memory: ThroughputParameters = { measure: "throughput", threads, handlers: "sync", inFlight, ...pace };
  const resumption = (store: "lmdb" | "redis"): KeyedUnit => {
    const runs = isQuick ? QUICK.resumed : RESUMED;
    const parameters: ResumptionParameters = { measure: "resumption", threads, store, durability: "process", runs };
    return { key: resumptionKey(store), contender: "dataflower", workloads: ["unfinished-runs"], parameters };
  };
  const hasRedis = availableRows(undefined).rows.some(({ store }) => store === "redis");
  return [
    ...[STENCIL, FAN_IN].map((workload) => ({
      key: memoryKey(workload),
      contender: "dataflower",
      workloads: [workload],
      parameters: memory,
    })),
    resumption("lmdb"),
    ...(hasRedis ? [resumption("redis")] : []),
  ];
}
