import type { MessagePort, Worker } from "node:worker_threads";
import type { Piscina } from "piscina";
import type { DataFlowerError } from "../../actors/kernel/errors.js";
import { after } from "../observe/system-clock.js";

/** How long a worker may take to stop by itself before its thread is killed, in ms. */
const stopMsMax = 1000;
/** A thread that has not ended so long after it was killed is held by native code, in ms. */
export const terminateMsMax = 2000;

/** How the control thread calls a worker. */
export interface StoppingCalls {
  /** Asks the worker to stop. Rejects when it does not answer in time. */
  stop(withinMs: number): Promise<void>;
  /** The worker has ended: nothing will be answered any more. */
  lose(error: DataFlowerError): void;
}

/** How a thread ended. */
export interface ThreadEnd {
  /** What it was that ended it: what nobody caught, an exit code, our own abort. */
  readonly cause: unknown;
  /** False when the thread was killed and does not end. */
  readonly hasExited: boolean;
}

/** One thread from its start to its end. */
export interface WorkerThread<Calls> {
  readonly calls: Calls;
  /** Resolves when the thread has exited: nothing of it runs any more. */
  readonly ended: Promise<ThreadEnd>;
  /** Ends the thread whatever it is doing. */
  kill(): void;
}

/**
 * The place of one worker. Piscina owns its thread, which holds one long job, its life as a worker; when that thread has ended, Piscina
 * makes the next one.
 */
export class WorkerPlace<Calls extends StoppingCalls> {
  readonly #pool: Piscina;
  #thread: WorkerThread<Calls> | undefined;

  constructor(pool: Piscina) {
    this.#pool = pool;
  }

  /** Gives the place's thread, which has no job yet, the life of a worker: `start` is what its entry is called with. */
  start(start: object, transferred: MessagePort[], calls: Calls): WorkerThread<Calls> {
    const abort = new AbortController();
    const life = this.#pool.run(start, { transferList: transferred, signal: abort.signal }).then(
      () => undefined,
      (cause: unknown) => cause,
    );
    const worker = this.#pool.threads[0] as Worker; // one thread, made at the latest by run()
    this.#thread = { calls, ended: endOf(worker, life, abort), kill: () => abort.abort() };
    return this.#thread;
  }

  /** Asks the worker to stop, and kills it if it does not. */
  async close(): Promise<void> {
    await this.#thread?.calls.stop(stopMsMax).catch(() => {});
    await endsWithin(terminateMsMax, this.#pool.destroy());
  }
}

/**
 * The job may end before its thread has exited, or without it: then the thread has nothing left to live for. A thread that exits before
 * it could take its job leaves the job waiting in the pool: it is taken back.
 */
async function endOf(worker: Worker, life: Promise<unknown>, job: AbortController): Promise<ThreadEnd> {
  const exited = new Promise<true>((resolve) => {
    worker.once("exit", () => resolve(true)); // an error that comes first is life's, not the exit's
  });
  const isExit = await Promise.race([life.then(() => false), exited]);
  if (!isExit) void worker.terminate();
  else job.abort(); // without effect on a job that has ended with its thread, and the pool knows of the exit before we do
  const hasExited = isExit || (await endsWithin(terminateMsMax, exited));
  return { cause: await life, hasExited };
}

/** Whether a promise settles in time. Leaves no timer behind. */
async function endsWithin(ms: number, ending: Promise<unknown>): Promise<boolean> {
  let cancel = () => {};
  const tooLate = new Promise<false>((resolve) => {
    cancel = after(ms, () => resolve(false));
  });
  try {
    return await Promise.race([ending.then(() => true as const), tooLate]);
  } finally {
    cancel();
  }
}
