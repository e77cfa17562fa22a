import { isMainThread } from "node:worker_threads";
import { assert } from "../../actors/kernel/assert.js";
import { markWorker } from "../worker/in-worker.js";
import { keepStrayErrors } from "../worker/stray-errors.js";
import { serveActorControl } from "./actor-control.js";
import { ActorWorker } from "./actor-worker.js";
import type { ActorWorkerStart } from "./actor-worker-start.js";

assert(!isMainThread, "actor-worker-main.ts is loaded inside a worker thread only");
markWorker();

/** The one long job that the pool gives to each of its threads: have actors until told to stop. */
export default function live(start: ActorWorkerStart): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new ActorWorker(start);
    keepStrayErrors({ worker: start.thread, tasks: () => [] });
    serveActorControl(start.controlPort, {
      spawn: (request) => worker.spawn(request),
      quietness: () => worker.quietness(),
      giveUp: async () => {
        await worker.giveUp();
        // What actors have printed goes through the control thread; a thread that ends takes with it what has not been handed over.
        await Promise.all([printed(process.stdout), printed(process.stderr)]);
      },
      close: () => {
        worker.close();
        start.controlPort.close();
        resolve();
      },
    });
    worker.begin().catch(reject);
  });
}

function printed(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => stream.write("", () => resolve()));
}
