import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import type { AskContender } from "./contender.js";

/** One message each way; answers come in the order of the questions. */
export const contender: AskContender = {
  name: "postMessage, a worker",
  async open() {
    const worker = new Worker(fileURLToPath(new URL("./threads/post-message-thread.js", import.meta.url)));
    await once(worker, "online");
    const waiting: ((value: number) => void)[] = [];
    worker.on("message", (answer: number) => waiting.shift()?.(answer));
    return {
      ask(question) {
        return new Promise((resolve) => {
          waiting.push(resolve);
          worker.postMessage(question);
        });
      },
      close: async () => void (await worker.terminate()),
    };
  },
};
