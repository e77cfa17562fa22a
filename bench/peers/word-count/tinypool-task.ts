import { openTinypool } from "../pools/tinypool.js";
import { fileAMessage } from "./over-a-pool.js";

export const contender = fileAMessage(openTinypool, new URL("./threads/count.js", import.meta.url));
