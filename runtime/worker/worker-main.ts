import { isMainThread } from "node:worker_threads";
import { assert } from "../../actors/kernel/assert.js";
import { loadWorkflow, serveControl } from "./control-plane.js";
import { markWorker } from "./in-worker.js";
import { keepStrayErrors } from "./stray-errors.js";
import { WorkerRuntime } from "./worker-runtime.js";
import type { WorkerStart, WorkflowRegistration } from "./worker-start.js";

assert(!isMainThread, "worker-main.ts is loaded inside a worker thread only");
markWorker();

/** The one long job that the pool gives to each of its threads: be a worker until told to stop. */
export default function live(start: WorkerStart): Promise<void> {
  return new Promise((resolve, reject) => {
    const runtime = new WorkerRuntime(start);
    keepStrayErrors({ worker: start.worker, tasks: () => runtime.recentTasks() });
    serveControl(start.controlPort, runtime, {
      giveUp: async () => {
        await runtime.giveUp();
        // What tasks have printed goes through the control thread; a thread that ends takes with it what has not been handed over.
        await Promise.all([printed(process.stdout), printed(process.stderr)]);
      },
      close: () => {
        runtime.close();
        resolve();
      },
    });
    loadAll(runtime, start.workflows).then(() => runtime.begin(), reject);
  });
}

async function loadAll(runtime: WorkerRuntime, workflows: readonly WorkflowRegistration[]): Promise<void> {
  for (const workflow of workflows) await loadWorkflow(runtime, workflow);
}

function printed(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => stream.write("", () => resolve()));
}
