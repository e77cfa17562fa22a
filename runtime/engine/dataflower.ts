import { DataFlowerError } from "../../actors/kernel/errors.js";
import { isInWorker } from "../worker/in-worker.js";
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
  async start(given?: EngineOptions): Promise<Engine> {
    if (isInWorker()) {
      throw new DataFlowerError(
        "DF_STARTED_IN_WORKER",
        "Cannot start an engine here as workers import this module: found DataFlower.start() in a worker thread",
      );
    }
    // All is loaded when an engine is wanted: workers, and whoever only writes workflows, import this package too. What starts threads
    // is loaded first: they have as much to load as this one, and do so meanwhile.
    const [{ resolveEngineOptions }, { startThreadPool }] = await Promise.all([import("./options.js"), import("./thread-pool.js")]);
    const options = resolveEngineOptions(given);
    const pools = Array.from({ length: options.workers }, () => startThreadPool(options.heapMbMax));
    try {
      const { RunningEngine } = await import("./engine.js");
      return await RunningEngine.start(options, pools);
    } catch (error) {
      for (const pool of pools) void pool.destroy(); // an engine that got far enough has closed them
      throw error;
    }
  },
} as const;
