import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { fileURLToPath } from "node:url";
import { DataFlower } from "dataflower";
import { jsonOfCommandLine } from "../../harness/command-line.js";
import { type DispatchCostsParameters, type MeasuredCosts, measureDispatchCosts } from "../../harness/measurements/dispatch-costs.js";
import { median } from "../../harness/statistics.js";
import { checkGrid, gridTrace, type SpinGrid } from "../../workloads/spin-grid.js";

type WorkflowModule = typeof import("../../workloads/spin-grid-workflow.js");

const packageRoot = fileURLToPath(new URL("../../../../", import.meta.url));

/** The spin grid on real workers. */
export interface SpinGridRuns extends SpinGrid {
  readonly workers: number;
  /** Runs that count, behind one that does not. */
  readonly runs: number;
}

/** @returns the makespan, median of the runs, in ms. Rejects when an answer is wrong */
export async function measureSpinGrid({ workers, runs, ...grid }: SpinGridRuns): Promise<number> {
  const address = new URL("../../workloads/spin-grid-workflow.js", import.meta.url);
  address.search = new URLSearchParams(Object.entries(grid).map(([name, value]): [string, string] => [name, String(value)])).toString();
  const { spinGridWorkflow }: WorkflowModule = await import(address.href);
  await using engine = await DataFlower.start({ workflows: [spinGridWorkflow], workers, store: "memory:" });
  checkGrid(grid, await engine.run(spinGridWorkflow, {}));
  const makespansMs: number[] = [];
  while (makespansMs.length < runs) {
    const startMs = performance.now();
    const answer = await engine.run(spinGridWorkflow, {});
    makespansMs.push(performance.now() - startMs);
    checkGrid(grid, answer);
  }
  return median(makespansMs);
}

/** What tasks cost beside their bodies on this machine, now. */
export async function measureCosts(parameters: DispatchCostsParameters): Promise<MeasuredCosts> {
  return (await measureDispatchCosts(parameters)).costs;
}

/** The spin grid on simulated workers. */
export interface SimulatedGrid extends SpinGrid {
  readonly workerCounts: readonly number[];
  readonly costs: MeasuredCosts;
}

/** By the number of workers, in ms; the same for the same costs. */
export async function simulateSpinGrid({ workerCounts, costs, ...grid }: SimulatedGrid): Promise<number[]> {
  const folder = mkdtempSync(join(tmpdir(), "dataflower-spin-grid-"));
  try {
    const [trace, costsFile] = [join(folder, "grid.json"), join(folder, "costs.json")];
    writeFileSync(trace, JSON.stringify(gridTrace(grid)));
    writeFileSync(costsFile, JSON.stringify(costs));
    const makespansMs: number[] = [];
    for (const workers of workerCounts) makespansMs.push(await simulatedMs(trace, costsFile, workers, grid));
    return makespansMs;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function simulatedMs(trace: string, costsFile: string, workers: number, { width, depth }: SpinGrid): Promise<number> {
  const flags = ["--dispatch", "workers", "--machines", String(workers), "--costs", costsFile];
  const args = ["simulate", trace, ...flags];
  const { makespanMs, tasks } = await jsonOfCommandLine<{ readonly makespanMs: number; readonly tasks: number }>(packageRoot, args);
  if (tasks !== width * depth) throw new Error(`Cannot count this simulation as ${width * depth} tasks must be executed: found ${tasks}`);
  return makespanMs;
}
