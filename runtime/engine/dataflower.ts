import type { Engine } from "./engine.js";
import type { EngineOptions } from "./options.js";

/** The front door. */
export const DataFlower = {
  /**
   * Starts an engine: its workers, with the listed workflows loaded on each.
   *
   * @throws DF_OPTION_INVALID, DF_STORE_UNSUPPORTED, DF_SCHEDULER_UNKNOWN, DF_STARTED_IN_WORKER, and what compiling or loading a
   *   workflow raises
   */
  async start(options?: EngineOptions): Promise<Engine> {
    // Loaded when an engine is wanted: workers, and whoever only writes workflows, import this package too.
    const { RunningEngine } = await import("./engine.js");
    return RunningEngine.start(options);
  },
} as const;
