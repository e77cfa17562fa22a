import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { Load } from "../../harness/load.js";
import type { Output } from "../../workloads/task-graph.js";
import type { Contender, Session, Setting } from "./contender.js";

/** What a thread is asked: to make runs for a while, or to make one with this input. */
export type Order = { readonly kind: "drive"; readonly durationMs: number } | { readonly kind: "run"; readonly input: Output };
/** How many runs it made, their answers checked on the spot; or the answer of the one. */
export type Report = { readonly kind: "driven"; readonly runs: number } | { readonly kind: "answer"; readonly answer: readonly Output[] };

/**
 * `Promise.all` as on one thread, inside each of several worker threads. The runs are split over the threads beforehand: each makes its own
 * inputs and checks its own answers, so that not one message is sent a run. This is the ceiling for any library on these threads.
 */
export const contender: Contender = {
  async open(setting) {
    const threads = await Promise.all(Array.from({ length: setting.threads }, () => openThread(setting)));
    let next = 0;
    return {
      async run(input) {
        const report = await threads[next++ % threads.length]!.ask({ kind: "run", input });
        return report.kind === "answer" ? report.answer : [];
      },
      drive: (load) => driveAll(threads, load),
      close: async () => void (await Promise.all(threads.map((thread) => thread.close()))),
    } satisfies Session;
  },
};

interface Thread {
  /** One order at a time is answered at a time; answers come in the order of the questions. */
  ask(order: Order): Promise<Report>;
  close(): Promise<unknown>;
}

async function openThread({ graph, handlers }: Setting): Promise<Thread> {
  const worker = new Worker(new URL("./threads/promises-thread.js", import.meta.url), { workerData: { graph: graph.name, handlers } });
  const waiting: { resolve(report: Report): void; reject(error: unknown): void }[] = [];
  worker.on("message", (report: Report) => waiting.shift()?.resolve(report));
  worker.on("error", (error) => {
    for (const { reject } of waiting.splice(0)) reject(error);
  });
  await once(worker, "online");
  return {
    ask: (order) =>
      new Promise((resolve, reject) => {
        waiting.push({ resolve, reject });
        worker.postMessage(order);
      }),
    close: () => worker.terminate(),
  };
}

async function driveAll(threads: readonly Thread[], load: Load): Promise<void> {
  const reports = await Promise.all(threads.map((thread) => thread.ask({ kind: "drive", durationMs: load.remainingMs() })));
  for (const report of reports) if (report.kind === "driven") load.acceptChecked(report.runs);
}
