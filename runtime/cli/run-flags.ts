import { accessSync, constants, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { requireId } from "../authoring/ids.js";
import { refuseOption } from "../authoring/option-checks.js";
import { type EngineOptions, resolveEngineOptions } from "../engine/options.js";

/** What `dataflower run` was given, as it was written. */
export interface RunFlags {
  readonly workflow?: string;
  readonly input?: string;
  readonly runId?: string;
  readonly workers?: string;
  readonly concurrency?: string;
  readonly store: string;
  readonly scheduler?: string;
  readonly latency?: true;
  readonly hgrm?: string;
  readonly json?: true;
}

/**
 * The options of the engine. All flags are checked, so that a mistake in one is told before anything is loaded or has run.
 *
 * @throws DF_OPTION_INVALID, DF_SPEC_INVALID, DF_STORE_UNSUPPORTED, DF_SCHEDULER_UNKNOWN
 */
export function engineOptionsOf(flags: RunFlags): EngineOptions {
  const { store, scheduler, workers, concurrency, runId, hgrm } = flags;
  const options: EngineOptions = {
    store,
    ...(scheduler === undefined ? {} : { scheduler }),
    ...(workers === undefined ? {} : { workers: numberOf(workers) }),
    ...(concurrency === undefined ? {} : { concurrency: numberOf(concurrency) }),
  };
  resolveEngineOptions(options);
  if (runId !== undefined) requireId("run", runId);
  if (hgrm !== undefined) requireWritable("--hgrm", hgrm);
  return options;
}

/** Text that is no decimal number stays what it is: the check that refuses it shows what was written. */
function numberOf(text: string): number {
  return /^[+-]?\d+(\.\d+)?$/.test(text) ? Number(text) : (text as unknown as number); // refused by resolveEngineOptions()
}

function requireWritable(path: string, file: string): void {
  try {
    if (statSync(file, { throwIfNoEntry: false })?.isDirectory() === true) throw new Error("it is a folder");
    accessSync(dirname(resolve(file)), constants.W_OK);
  } catch {
    refuseOption(path, "a file in a folder that can be written to", file);
  }
}
