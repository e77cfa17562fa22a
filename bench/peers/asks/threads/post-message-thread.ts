import { parentPort } from "node:worker_threads";

parentPort?.on("message", (question: number) => parentPort?.postMessage(question + 1));
