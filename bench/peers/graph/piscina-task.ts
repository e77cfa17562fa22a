import { fileURLToPath } from "node:url";
import { Piscina } from "piscina";
import type { Contender } from "./contender.js";
import { runOverPool } from "./over-a-pool.js";

/**
 * piscina 5, a task a message. Of `atomics` sync, async and disabled, each with 1 to 1,024 concurrent tasks a worker, these measured best
 * (75 k tasks/s against 31 k at the defaults): many messages are then read in one go.
 */
export const contender: Contender = {
  async open({ graph, threads, handlers }) {
    const pool = new Piscina({
      filename: fileURLToPath(new URL("./threads/step.js", import.meta.url)),
      name: handlers === "sync" ? "default" : "stepAsync",
      minThreads: threads,
      maxThreads: threads,
      ...SETTINGS,
    });
    return { run: (input) => runOverPool(graph, (inputs) => pool.run(inputs), input), close: () => pool.destroy() };
  },
};

const SETTINGS = { atomics: "sync", concurrentTasksPerWorker: 1024, idleTimeout: Number.POSITIVE_INFINITY, recordTiming: false } as const;
