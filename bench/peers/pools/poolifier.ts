import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { FixedThreadPool, WorkerChoiceStrategies } from "poolifier";
import type { Pool, PoolSetting } from "./pool.js";

/** Its destroy() now and then never settles, although its threads have ended. */
const DESTROY_MS_MAX = 300;

/**
 * poolifier 5, FixedThreadPool. Of its strategies for choosing a worker LEAST_USED measured best (63 k short tasks/s, ROUND_ROBIN 46 k, the others
 * less or failing under load); its own task queue costs more than half, in word count too.
 */
export function openPoolifier<Input, Output>({ threads, file, name }: PoolSetting): Pool<Input, Output> {
  const pool = new FixedThreadPool<Input, Output>(threads, fileURLToPath(file), {
    workerChoiceStrategy: WorkerChoiceStrategies.LEAST_USED,
    enableEvents: false,
    enableTasksQueue: false,
  });
  return {
    execute: (input) => pool.execute(input, name),
    close: () => Promise.race([pool.destroy(), setTimeout(DESTROY_MS_MAX)]),
  };
}
