import { type Job, Queue, Worker } from "bullmq";

/** What BullMQ is told about its Redis; the worker's blocking connection refuses anything but retrying for ever. */
export function connectionOf(url: string) {
  const { hostname, port } = new URL(url);
  return { host: hostname, port: Number(port), maxRetriesPerRequest: null };
}

export const QUEUE = "tasks";
/** Jobs that the worker holds at a time. */
const CONCURRENCY = 100;
/** Finished jobs go at once; the stream of events, which nobody reads here, is kept short. */
export const JOB_OPTIONS = { removeOnComplete: true, removeOnFail: true } as const;
const EVENTS_MAX = 100;

export interface OpenedWorker<Data, Result> {
  readonly queue: Queue<Data, Result>;
  close(): Promise<void>;
}

export interface WorkerSetting<Data, Result> {
  readonly url: string;
  /**
   * A job whose worker has not renewed its lock for so long is taken from it, and looked for as often, in ms. @defaultValue BullMQ's own: 30 s
   */
  readonly lockMs?: number;
  process(job: Job<Data, Result>): Promise<Result>;
  /** Called after Redis has the result. */
  completed(job: Job<Data, Result>, result: Result): void;
  /** Called with anything that fails: a benchmark has no failing jobs. */
  failed(error: Error): void;
}

/** A queue and its worker in this process. */
export async function openWorker<Data, Result>(setting: WorkerSetting<Data, Result>): Promise<OpenedWorker<Data, Result>> {
  const connection = connectionOf(setting.url);
  const queue = new Queue<Data, Result>(QUEUE, {
    connection,
    defaultJobOptions: JOB_OPTIONS,
    streams: { events: { maxLen: EVENTS_MAX } },
  });
  const locks = setting.lockMs === undefined ? {} : { lockDuration: setting.lockMs, stalledInterval: setting.lockMs };
  const worker = new Worker<Data, Result>(QUEUE, (job) => setting.process(job), { connection, concurrency: CONCURRENCY, ...locks });
  worker.on("completed", (job, result) => setting.completed(job, result));
  worker.on("failed", (_, error) => setting.failed(error));
  queue.on("error", (error) => setting.failed(error));
  worker.on("error", (error) => setting.failed(error));
  await Promise.all([queue.waitUntilReady(), worker.waitUntilReady()]);
  return {
    queue,
    async close() {
      await worker.close();
      await queue.close();
    },
  };
}
