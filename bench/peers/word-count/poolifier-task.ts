import { openPoolifier } from "../pools/poolifier.js";
import { fileAMessage } from "./over-a-pool.js";

export const contender = fileAMessage(openPoolifier, new URL("./threads/poolifier-worker.js", import.meta.url));
