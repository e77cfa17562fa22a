import { fileURLToPath } from "node:url";
import workerpool from "workerpool";
import type { Contender } from "./contender.js";
import { runOverPool } from "./over-a-pool.js";

/** workerpool 10, a task a message. It sends one task at a time to a worker and has no setting for more. */
export const contender: Contender = {
  async open({ graph, threads, handlers }) {
    const pool = workerpool.pool(fileURLToPath(new URL("./threads/workerpool-worker.js", import.meta.url)), {
      minWorkers: threads,
      maxWorkers: threads,
      workerType: "thread",
    });
    const method = handlers === "sync" ? "step" : "stepAsync";
    return {
      run: (input) => runOverPool(graph, (inputs) => pool.exec(method, [inputs]), input),
      close: async () => void (await pool.terminate()),
    };
  },
};
