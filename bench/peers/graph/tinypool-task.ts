import { openTinypool } from "../pools/tinypool.js";
import { taskAMessage } from "./over-a-pool.js";

export const contender = taskAMessage({ open: openTinypool, file: new URL("./threads/step.js", import.meta.url) });
