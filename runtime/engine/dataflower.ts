import { type Engine, RunningEngine } from "./engine.js";
import type { EngineOptions } from "./options.js";

/** The front door. */
export const DataFlower = {
  /**
   * Starts an engine: its workers, with the listed workflows loaded on each.
   *
   * @throws DF_OPTION_INVALID, DF_STORE_UNSUPPORTED, DF_SCHEDULER_UNKNOWN, DF_STARTED_IN_WORKER, and what compiling or loading a
   *   workflow raises
   */
  start: (options?: EngineOptions): Promise<Engine> => RunningEngine.start(options),
} as const;
