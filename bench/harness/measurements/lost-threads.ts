import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { DataFlower, DataFlowerError, type Engine, type Workflow } from "dataflower";
import { loadTaskGraph } from "../../peers/graph/dataflower.js";
import { graphOf } from "../../workloads/graphs.js";
import { Answers, inputOf } from "../../workloads/inputs.js";
import { exiting, LOOP_TIMEOUT_MS, looping } from "../../workloads/lost-threads.js";
import type { Output } from "../../workloads/task-graph.js";
import { monotonicMs } from "../clock.js";

/** How long it takes until a held thread is noticed, beside a light load. */
export interface DetectionParameters {
  readonly measure: "detection";
  readonly threads: number;
  readonly repeats: number;
}

export interface DetectionSample {
  /** From the beginning of the attempt to its error at the caller, less its timeout; each. */
  readonly detectionsMs: readonly number[];
  /** Runs of the light load; all of them completed with the right answer. */
  readonly otherRuns: number;
}

/** How long it takes until a task whose thread has ended is executed again. */
export interface RecoveryParameters {
  readonly measure: "recovery";
  readonly repeats: number;
}

export interface RecoverySample {
  /** From the end of the thread to the beginning of the next attempt on its successor; each. */
  readonly recoveriesMs: readonly number[];
}

const LIGHT_LOAD = graphOf("fan-10");
const LIGHT_LOAD_INTERVAL_MS = 10;

export async function measureDetection({ threads, repeats }: DetectionParameters): Promise<DetectionSample> {
  const { taskGraph } = await loadTaskGraph({ graph: LIGHT_LOAD, handlers: "sync" });
  await using engine = await DataFlower.start({ workflows: [looping, taskGraph], workers: threads, store: "memory:" });
  const isOver = new AbortController();
  const detecting = repeat(repeats, (file) => detectionMs(engine, file)).finally(() => isOver.abort());
  const [detectionsMs, otherRuns] = await Promise.all([detecting, runLightly(engine, taskGraph, isOver.signal)]);
  return { detectionsMs, otherRuns };
}

/** One worker: nobody else can execute the next attempt. */
export async function measureRecovery({ repeats }: RecoveryParameters): Promise<RecoverySample> {
  await using engine = await DataFlower.start({ workflows: [exiting], workers: 1, store: "memory:" });
  return { recoveriesMs: await repeat(repeats, async (file) => (await engine.run(exiting, file)) - notedMs(file)) };
}

async function detectionMs(engine: Engine, file: string): Promise<number> {
  const error = await engine.run(looping, file).catch((thrown: unknown) => thrown);
  const seenMs = monotonicMs();
  if (error instanceof DataFlowerError && error.code === "DF_TASK_TIMEOUT") return seenMs - notedMs(file) - LOOP_TIMEOUT_MS;
  throw new Error(`Cannot measure as a task that never ends must end as DF_TASK_TIMEOUT: found ${String(error)}`, { cause: error });
}

/** A run every few milliseconds, whether earlier ones have ended or not. @returns how many */
async function runLightly(engine: Engine, workflow: Workflow<Output, readonly Output[]>, isOver: AbortSignal): Promise<number> {
  const answers = new Answers(LIGHT_LOAD);
  let runs = 0;
  for await (const settled of engine.submitAll(workflow, pacedInputs(isOver))) {
    if (settled.status !== "completed") throw settled.error;
    answers.check(settled.index, settled.output);
    runs++;
  }
  return runs;
}

async function* pacedInputs(isOver: AbortSignal): AsyncGenerator<Output> {
  for (let run = 0; !isOver.aborted; run++) {
    yield inputOf(run);
    await setTimeout(LIGHT_LOAD_INTERVAL_MS);
  }
}

/** One after the other, each with a file for the time that its task notes. */
async function repeat(repeats: number, measure: (file: string) => Promise<number>): Promise<number[]> {
  const folder = mkdtempSync(join(tmpdir(), "dataflower-lost-threads-"));
  const measured: number[] = [];
  try {
    for (let index = 0; index < repeats; index++) measured.push(await measure(join(folder, String(index))));
  } finally {
    rmSync(folder, { recursive: true });
  }
  return measured;
}

function notedMs(file: string): number {
  return Number(readFileSync(file, "utf8"));
}
