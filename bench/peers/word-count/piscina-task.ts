import { openPiscina } from "../pools/piscina.js";
import { fileAMessage } from "./over-a-pool.js";

export const contender = fileAMessage(openPiscina, new URL("./threads/count.js", import.meta.url));
