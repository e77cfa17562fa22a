import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";

/** To a thread: run kernels of this length for so long. */
export interface Order {
  readonly kernelRepeats: number;
  readonly durationMs: number;
}

/** How many repeats of the kernel it has done a second. */
export interface Report {
  readonly repeatsPerSecond: number;
}

/** The kernel in plain threads that do nothing else and share nothing: what all cores can do together when nobody organises them. */
export async function openPlainThreads(threads: number): Promise<{
  /** @returns repeats of the kernel a second, of all threads together */
  measure(order: Order): Promise<number>;
  close(): Promise<unknown>;
}> {
  const workers = Array.from({ length: threads }, () => new Worker(fileURLToPath(new URL("./threads/kernel-thread.js", import.meta.url))));
  await Promise.all(workers.map((worker) => once(worker, "online")));
  return {
    async measure(order) {
      const reports = await Promise.all(workers.map((worker) => ask(worker, order)));
      return reports.reduce((sum, { repeatsPerSecond }) => sum + repeatsPerSecond, 0);
    },
    close: () => Promise.all(workers.map((worker) => worker.terminate())),
  };
}

async function ask(worker: Worker, order: Order): Promise<Report> {
  worker.postMessage(order);
  const [report] = (await once(worker, "message")) as [Report]; // as: kernel-thread.ts sends nothing else; an error rejects
  return report;
}
