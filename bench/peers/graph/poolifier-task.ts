import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { FixedThreadPool, WorkerChoiceStrategies } from "poolifier";
import type { Output } from "../../workloads/task-graph.js";
import type { Contender } from "./contender.js";
import { runOverPool } from "./over-a-pool.js";

/** Its destroy() now and then never settles, although its threads have ended. */
const DESTROY_MS_MAX = 300;

/**
 * poolifier 5, FixedThreadPool, a task a message. Of its strategies for choosing a worker LEAST_USED measured best (63 k tasks/s, ROUND_ROBIN 46 k, the others
 * less or failing under load); its own task queue costs more than half.
 */
export const contender: Contender = {
  async open({ graph, threads, handlers }) {
    const pool = new FixedThreadPool<readonly Output[], Output>(
      threads,
      fileURLToPath(new URL("./threads/poolifier-worker.js", import.meta.url)),
      {
        workerChoiceStrategy: WorkerChoiceStrategies.LEAST_USED,
        enableEvents: false,
        enableTasksQueue: false,
      },
    );
    const name = handlers === "sync" ? "step" : "stepAsync";
    return {
      run: (input) => runOverPool(graph, (inputs) => pool.execute(inputs, name), input),
      close: () => Promise.race([pool.destroy(), setTimeout(DESTROY_MS_MAX)]),
    };
  },
};
