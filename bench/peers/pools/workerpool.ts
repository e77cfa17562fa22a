import { fileURLToPath } from "node:url";
import workerpool from "workerpool";
import type { Pool, PoolSetting } from "./pool.js";

/** workerpool 10. It sends one task at a time to a worker and has no setting for more. */
export function openWorkerpool<Input, Output>({ threads, file, name }: PoolSetting): Pool<Input, Output> {
  const pool = workerpool.pool(fileURLToPath(file), { minWorkers: threads, maxWorkers: threads, workerType: "thread" });
  return { execute: (input) => pool.exec(name, [input]), close: async () => void (await pool.terminate()) };
}
