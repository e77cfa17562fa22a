import { once } from "node:events";
import { performance } from "node:perf_hooks";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { inputOf } from "../../workloads/inputs.js";
import type { Output } from "../../workloads/task-graph.js";

export interface EchoRate {
  readonly echoes: number;
  readonly elapsedMs: number;
  readonly echoesPerSecond: number;
}

/**
 * The `postMessage` echo: one worker thread sends back what it is sent, with a fixed number of messages on their way at any moment. The message is
 * what a run is given and gives back, `{ v, name }`. It is the yardstick for small runs: a run that crosses threads cannot cost less by this road.
 */
export async function openEcho(): Promise<{
  measure(options: { inFlight: number; durationMs: number }): Promise<EchoRate>;
  close(): Promise<unknown>;
}> {
  const worker = new Worker(fileURLToPath(new URL("./echo-thread.js", import.meta.url)));
  await once(worker, "online");
  return { measure: (options) => measure(worker, options), close: () => worker.terminate() };
}

async function measure(worker: Worker, { inFlight, durationMs }: { inFlight: number; durationMs: number }): Promise<EchoRate> {
  const startMs = performance.now();
  let sent = 0;
  let echoes = 0;
  const send = () => worker.postMessage(inputOf(sent++));
  await new Promise<void>((resolve, reject) => {
    const receive = (message: Output) => {
      // Messages of one port keep their order, so the echo must be of the oldest message on its way.
      if (message.v !== inputOf(echoes++).v)
        return reject(new Error(`Cannot count echo ${echoes} as it is of another message: ${message.v}`));
      if (performance.now() - startMs < durationMs) send();
      else if (echoes === sent) resolve();
    };
    worker.removeAllListeners("message").on("message", receive);
    worker.once("error", reject);
    while (sent < inFlight) send();
  });
  const elapsedMs = performance.now() - startMs;
  return { echoes, elapsedMs, echoesPerSecond: (echoes / elapsedMs) * 1000 };
}
