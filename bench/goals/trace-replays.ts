import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { jsonOfCommandLine } from "../harness/command-line.js";
import type { MakespanBounds } from "../harness/graham-bound.js";
import type { MeasuredCosts, Percentiles } from "../harness/measurements/dispatch-costs.js";
import type { RecordedTrace } from "../workloads/recorded-traces.js";

/** A recorded workflow executed by two workers. */
export interface Replay {
  readonly trace: string;
  readonly tasks: number;
  readonly isDigestRight: boolean;
  readonly tasksByWorker: readonly number[];
}

/** One whose tasks have kept their worker busy for as long as the record says, scaled. Times in ms, scaled alike. */
export interface SpinReplay extends Replay, MakespanBounds {
  readonly makespanMs: number;
}

/** One that has been simulated, too. */
export interface SimulatedReplay extends SpinReplay {
  readonly simulatedMs: number;
}

const WORKERS = 2;

interface Printed {
  readonly digest: string;
  readonly tasks: number;
  readonly tasksByWorker: readonly number[];
  readonly makespanMs: number;
}

/** Tasks that only pass their hashes on. */
export async function measureReplay(packageRoot: string, trace: RecordedTrace): Promise<Replay> {
  return replayOf(trace, await run(packageRoot, trace, ["--body", "none"]));
}

/** What goals scale the longest schedule of a replay that spins to. */
export const SPIN_UPPER_MS = 2_000;

/**
 * @param upperMs what `graham_ub` is scaled to
 * @param scheduler order of the tasks
 */
export async function measureSpinReplay(
  packageRoot: string,
  trace: RecordedTrace,
  upperMs: number,
  scheduler = "fifo",
): Promise<SpinReplay> {
  const scale = scaleOf(trace, upperMs);
  const printed = await run(packageRoot, trace, ["--body", "spin", "--time-scale", String(scale), "--scheduler", scheduler]);
  const lowerMs = trace.seconds(`lb_P${WORKERS}`) * 1e3 * scale;
  return { ...replayOf(trace, printed), makespanMs: printed.makespanMs, lowerMs, upperMs };
}

/** As measureSpinReplay, beside a simulation with these costs. */
export async function measureSimulatedReplay(
  packageRoot: string,
  trace: RecordedTrace,
  { upperMs, costs }: { readonly upperMs: number; readonly costs: MeasuredCosts },
): Promise<SimulatedReplay> {
  const replay = await measureSpinReplay(packageRoot, trace, upperMs);
  return { ...replay, simulatedMs: await simulatedMakespanMs(packageRoot, trace, { scale: scaleOf(trace, upperMs), costs }) };
}

function scaleOf(trace: RecordedTrace, upperMs: number): number {
  return upperMs / (trace.seconds(`graham_ub_P${WORKERS}`) * 1e3);
}

function run(packageRoot: string, { file }: RecordedTrace, flags: readonly string[]): Promise<Printed> {
  return jsonOfCommandLine(packageRoot, ["run", file, ...flags, "--workers", String(WORKERS), "--store", "memory:"]);
}

function replayOf(trace: RecordedTrace, { digest, tasks, tasksByWorker }: Printed): Replay {
  return { trace: trace.name, tasks, isDigestRight: digest === trace.digest && tasks === trace.tasks, tasksByWorker };
}

/** The simulator has no scale of time: tasks take what was recorded, costs are divided by the scale, and the makespan is multiplied by it. */
async function simulatedMakespanMs(
  packageRoot: string,
  { file }: RecordedTrace,
  { scale, costs }: { readonly scale: number; readonly costs: MeasuredCosts },
): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "dataflower-costs-"));
  try {
    const costsFile = join(folder, "costs.json");
    writeFileSync(costsFile, JSON.stringify(costsTimes(costs, 1 / scale)));
    const flags = ["--dispatch", "workers", "--machines", String(WORKERS), "--costs", costsFile];
    const { makespanMs } = await jsonOfCommandLine<{ readonly makespanMs: number }>(packageRoot, ["simulate", file, ...flags]);
    return makespanMs * scale;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function costsTimes({ dispatchUs, hopUs, commitUs }: MeasuredCosts, factor: number): MeasuredCosts {
  return {
    dispatchUs: dispatchUs * factor,
    ...(hopUs && { hopUs: percentilesTimes(hopUs, factor) }),
    ...(commitUs && { commitUs: percentilesTimes(commitUs, factor) }),
  };
}

function percentilesTimes({ p50, p90, p99, max }: Percentiles, factor: number): Percentiles {
  return { p50: p50 * factor, p90: p90 * factor, p99: p99 * factor, max: max * factor };
}
