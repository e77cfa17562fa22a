import { performance } from "node:perf_hooks";
import type { RunStencil } from "../../peers/stencil-1d/contender.js";
import { stencilContenderOf } from "../../peers/stencil-1d/contenders.js";
import { openPlainThreads } from "../../peers/stencil-1d/plain-threads.js";
import { checkLastStep, STEPS } from "../../workloads/stencil-1d.js";
import type { CurvePoint } from "../metg-curve.js";
import { median } from "../statistics.js";

/** The stencil with kernels of several lengths, one run at a time. */
export interface MetgParameters {
  readonly measure: "metg";
  readonly threads: number;
  readonly width: number;
  readonly kernelRepeats: readonly number[];
  /** Runs of each length that do not count: the engine learns what its tasks take. */
  readonly warmupRuns: number;
  /** Each length is repeated for so long, at least once. */
  readonly lengthMs: number;
}

export interface MetgSample {
  readonly width: number;
  readonly lengths: readonly MeasuredLength[];
}

export interface MeasuredLength {
  readonly kernelRepeats: number;
  readonly runs: number;
  /** From the submission to the answer, median of the runs. */
  readonly wallMs: number;
  /** Share of the tasks of all these runs that the worker with the fewest executed; absent where the contender does not tell. */
  readonly smallestShare?: number;
}

/** The kernel alone on all cores, which efficiency is measured against. */
export interface MetgReferenceParameters {
  readonly measure: "metg-reference";
  readonly threads: number;
  readonly kernelRepeats: number;
  /** Passes of this long, after one that does not count. */
  readonly passMs: number;
  readonly passes: number;
}

export interface MetgReferenceSample {
  /** Repeats of the kernel on all cores together, in the best pass. */
  readonly repeatsPerSecond: number;
}

/** A sample as a curve. @param bestRate repeats of the kernel a second of plain threads on all cores together */
export function curvePointsOf({ width, lengths }: MetgSample, { cores, bestRate }: { cores: number; bestRate: number }): CurvePoint[] {
  const tasks = STEPS * width;
  return lengths.map(({ kernelRepeats, wallMs }) => ({
    granularityUs: (wallMs * 1e3 * cores) / tasks,
    efficiency: (tasks * kernelRepeats) / (wallMs / 1e3) / bestRate,
  }));
}

/** Rejects when an answer is wrong; a task whose inputs are wrong fails its run. */
export async function measureMetg(contender: string, parameters: MetgParameters): Promise<MetgSample> {
  const { width, threads, kernelRepeats } = parameters;
  const session = await (await stencilContenderOf(contender)).open({ width, threads });
  try {
    const lengths: MeasuredLength[] = [];
    for (const repeats of kernelRepeats)
      lengths.push({ kernelRepeats: repeats, ...(await measureLength(session.prepare(repeats), parameters)) });
    return { width, lengths };
  } finally {
    await session.close();
  }
}

async function measureLength(
  run: RunStencil,
  { width, warmupRuns, lengthMs }: MetgParameters,
): Promise<Omit<MeasuredLength, "kernelRepeats">> {
  for (let warmup = 0; warmup < warmupRuns; warmup++) checkLastStep((await run()).answer, width);
  const wallsMs: number[] = [];
  let tasksByWorker: readonly number[] | undefined;
  const untilMs = performance.now() + lengthMs;
  do {
    const startMs = performance.now();
    const executed = await run();
    wallsMs.push(performance.now() - startMs);
    checkLastStep(executed.answer, width);
    tasksByWorker = executed.tasksByWorker?.map((tasks, worker) => tasks + (tasksByWorker?.[worker] ?? 0));
  } while (performance.now() < untilMs);
  const share = tasksByWorker && { smallestShare: Math.min(...tasksByWorker) / (STEPS * width * wallsMs.length) };
  return { runs: wallsMs.length, wallMs: median(wallsMs), ...share };
}

export async function measureMetgReference(parameters: MetgReferenceParameters): Promise<MetgReferenceSample> {
  const { threads, kernelRepeats, passMs, passes } = parameters;
  const plain = await openPlainThreads(threads);
  try {
    const order = { kernelRepeats, durationMs: passMs };
    await plain.measure(order);
    const rates: number[] = [];
    while (rates.length < passes) rates.push(await plain.measure(order));
    return { repeatsPerSecond: Math.max(...rates) };
  } finally {
    await plain.close();
  }
}
