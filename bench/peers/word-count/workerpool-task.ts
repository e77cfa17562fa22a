import { openWorkerpool } from "../pools/workerpool.js";
import { fileAMessage } from "./over-a-pool.js";

export const contender = fileAMessage(openWorkerpool, new URL("./threads/workerpool-worker.js", import.meta.url));
