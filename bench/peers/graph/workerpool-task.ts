import { openWorkerpool } from "../pools/workerpool.js";
import { taskAMessage } from "./over-a-pool.js";

export const contender = taskAMessage({ open: openWorkerpool, file: new URL("./threads/workerpool-worker.js", import.meta.url) });
