import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { MessageChannel, Worker } from "node:worker_threads";
import { type Endpoint, wrap } from "comlink";
import type { AskContender } from "./contender.js";

export const contender: AskContender = {
  name: "comlink, a worker",
  async open() {
    const { port1, port2 } = new MessageChannel();
    const address = fileURLToPath(new URL("./threads/comlink-thread.js", import.meta.url));
    const worker = new Worker(address, { workerData: port2, transferList: [port2] });
    await once(worker, "online");
    const ask = wrap<(question: number) => number>(port1 as unknown as Endpoint); // an EventTarget with postMessage and start
    return {
      ask: async (question) => ask(question),
      close: async () => {
        port1.close();
        await worker.terminate();
      },
    };
  },
};
