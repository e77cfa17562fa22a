import { fileURLToPath } from "node:url";
import { Piscina } from "piscina";

const engineEntry = fileURLToPath(new URL("../worker/worker-entry.cjs", import.meta.url));

/**
 * A pool of one thread, which begins at once and loads what a worker executes.
 *
 * @param heapMbMax beyond it the thread ends, in MiB
 * @param entry path of the file that the thread loads. @defaultValue that of the workers of an engine
 */
export function startThreadPool(heapMbMax: number, entry = engineEntry): Piscina {
  const pool = new Piscina({
    filename: entry,
    minThreads: 1,
    maxThreads: 1,
    concurrentTasksPerWorker: 1,
    // A busy worker takes no second job, and one that waits in Atomics.wait between jobs would freeze its event loop.
    atomics: "disabled",
    idleTimeout: Number.POSITIVE_INFINITY,
    recordTiming: false,
    resourceLimits: { maxOldGenerationSizeMb: heapMbMax },
  });
  // Without a listener an error that a task throws too late, from a timer, would end the process.
  pool.on("error", () => {});
  return pool;
}
