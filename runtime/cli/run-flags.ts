import { accessSync, constants, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { requireId } from "../authoring/ids.js";
import { refuseOption, requireDuration, requireNumber, requireOneOf } from "../authoring/option-checks.js";
import { type ReadOptions, traceBodies } from "../authoring/read-workflow.js";
import type { SubmitOptions } from "../engine/engine.js";
import { type EngineOptions, resolveEngineOptions } from "../engine/options.js";
import { numberOf } from "./number-flag.js";
import { schedulerOf } from "./scheduler-flag.js";
import { type StoreFlags, storeOptionsOf } from "./store-flags.js";

/** What `dataflower run` was given, as it was written. */
export interface RunFlags extends StoreFlags {
  readonly workflow?: string;
  readonly input?: string;
  readonly runId?: string;
  readonly timeout?: string;
  readonly workers?: string;
  readonly concurrency?: string;
  readonly scheduler?: string;
  readonly body?: string;
  readonly timeScale?: string;
  readonly export?: string;
  readonly explain?: true;
  readonly latency?: true;
  readonly hgrm?: string;
  readonly json?: true;
}

/** The options of the engine and of the run. */
export interface RunOptions {
  readonly engine: EngineOptions;
  readonly submit: SubmitOptions;
  /** For FILE, where it is a recorded execution. */
  readonly read: ReadOptions;
}

/** Longest time-out of a run that submit() takes, in ms. */
const timeoutMsMax = 3.2e10;

/**
 * The options that flags stand for. All flags are checked, so that a mistake in one is told before anything is loaded or has run.
 *
 * @throws DF_OPTION_INVALID, DF_SPEC_INVALID, DF_STORE_UNSUPPORTED, DF_DURABILITY_UNSUPPORTED, DF_SCHEDULER_UNKNOWN
 */
export async function runOptionsOf(flags: RunFlags): Promise<RunOptions> {
  const { workers, concurrency, runId, timeout, hgrm } = flags;
  const engine: EngineOptions = {
    ...storeOptionsOf(flags),
    resume: false,
    ...(flags.scheduler === undefined ? {} : { scheduler: await schedulerOf(flags.scheduler) }),
    ...(flags.export === undefined ? {} : { record: true }),
    ...(workers === undefined ? {} : { workers: numberOf(workers) }),
    ...(concurrency === undefined ? {} : { concurrency: numberOf(concurrency) }),
  };
  resolveEngineOptions(engine);
  if (hgrm !== undefined) requireWritable("--hgrm", hgrm);
  if (flags.export !== undefined) requireWritable("--export", flags.export);
  const submit: SubmitOptions = {
    ...(runId === undefined ? {} : { runId: requireId("run", runId) }),
    ...(timeout === undefined ? {} : { timeout: requireDuration("--timeout", numberOf(timeout), { min: 1, max: timeoutMsMax }) }),
  };
  const read: ReadOptions = {
    ...(flags.body === undefined ? {} : { body: requireOneOf("--body", flags.body, traceBodies) }),
    ...(flags.timeScale === undefined ? {} : { timeScale: requireNumber("--time-scale", numberOf(flags.timeScale), { min: 0, max: 1e9 }) }),
  };
  return { engine, submit, read };
}

function requireWritable(path: string, file: string): void {
  try {
    if (statSync(file, { throwIfNoEntry: false })?.isDirectory() === true) throw new Error("it is a folder");
    accessSync(dirname(resolve(file)), constants.W_OK);
  } catch {
    refuseOption(path, "a file in a folder that can be written to", file);
  }
}
