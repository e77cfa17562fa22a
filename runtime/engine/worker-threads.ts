import { fileURLToPath } from "node:url";
import { MessageChannel, type MessagePort } from "node:worker_threads";
import { Piscina } from "piscina";
import { catalogue, DataFlowerError, type ErrorCode } from "../../actors/kernel/errors.js";
import type { WorkerStart } from "../worker/worker-start.js";
import { ControlCalls } from "./control-calls.js";

/** How long a worker may take to stop by itself before its thread is killed, in ms. */
const stopMsMax = 1000;

const entry = fileURLToPath(new URL("../worker/worker-main.js", import.meta.url));

/** What a worker is given, apart from its control port. */
export type WorkerSeed = Omit<WorkerStart, "controlPort">;

/**
 * The engine's threads. Piscina owns them: each holds one long job, its life as a worker, and the job's end tells of the thread's.
 */
export class WorkerThreads {
  readonly calls: readonly ControlCalls[];
  readonly #pool: Piscina;
  readonly #ended: Promise<void>[] = [];
  #isClosing = false;

  constructor(seeds: readonly WorkerSeed[], heapMbMax: number, onLost: (worker: number, error: DataFlowerError) => void) {
    this.#pool = new Piscina({
      filename: entry,
      minThreads: seeds.length,
      maxThreads: seeds.length,
      concurrentTasksPerWorker: 1,
      // A busy worker takes no second job, and one that waits in Atomics.wait between jobs would freeze its event loop.
      atomics: "disabled",
      idleTimeout: Number.POSITIVE_INFINITY,
      recordTiming: false,
      resourceLimits: { maxOldGenerationSizeMb: heapMbMax },
    });
    // Without a listener an error that a task throws too late, from a timer, would end the process.
    this.#pool.on("error", () => {});
    this.calls = seeds.map((seed) => this.#startWorker(seed, onLost));
  }

  #startWorker(seed: WorkerSeed, onLost: (worker: number, error: DataFlowerError) => void): ControlCalls {
    const { port1, port2 } = new MessageChannel();
    const calls = new ControlCalls(seed.worker, port1);
    const start: WorkerStart = { ...seed, controlPort: port2 };
    const transferList = [port2, ...seed.bellPorts.values(), ...seed.blobPorts.values()] as MessagePort[];
    const ended = (cause: unknown) => {
      const error = lossOf(seed.worker, cause);
      calls.lose(error);
      if (!this.#isClosing) onLost(seed.worker, error);
    };
    this.#ended.push(this.#pool.run(start, { transferList }).then(() => ended(undefined), ended));
    return calls;
  }

  /** Asks every worker to stop, and kills those that do not. */
  async close(): Promise<void> {
    this.#isClosing = true;
    await Promise.allSettled(this.calls.map((calls) => calls.stop(stopMsMax)));
    await this.#pool.destroy();
    await Promise.allSettled(this.#ended);
  }
}

function lossOf(worker: number, cause: unknown): DataFlowerError {
  const code = typeof cause === "object" && cause !== null ? (cause as { code?: unknown }).code : undefined;
  if (code === "ERR_WORKER_OUT_OF_MEMORY") {
    return new DataFlowerError("DF_TASK_OOM", `Cannot finish the tasks of worker ${worker} as its heap must stay below limits.heapMbMax`, {
      cause,
    });
  }
  const own = ownError(cause);
  if (own !== undefined) return own;
  return new DataFlowerError("DF_WORKER_LOST", `Cannot finish the tasks of worker ${worker} as its thread must live: it ended`, { cause });
}

/** An error of ours that nobody caught in the worker: it crosses without its class, but with its name and code. */
function ownError(cause: unknown): DataFlowerError | undefined {
  if (!(cause instanceof Error) || cause.name !== "DataFlowerError") return undefined;
  const { code } = cause as { code?: unknown };
  return typeof code === "string" && Object.hasOwn(catalogue, code)
    ? new DataFlowerError(code as ErrorCode, cause.message, { cause })
    : undefined;
}
