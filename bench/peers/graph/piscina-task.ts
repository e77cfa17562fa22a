import { openPiscina } from "../pools/piscina.js";
import { taskAMessage } from "./over-a-pool.js";

export const contender = taskAMessage({ open: openPiscina, file: new URL("./threads/step.js", import.meta.url) });
