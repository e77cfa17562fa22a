import { workerData } from "node:worker_threads";
import { type Endpoint, expose } from "comlink";

expose((question: number) => question + 1, workerData as Endpoint); // a MessagePort, which is all that comlink needs
