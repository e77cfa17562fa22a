import { openPoolifier } from "../pools/poolifier.js";
import { taskAMessage } from "./over-a-pool.js";

/** More runs in flight are slower: 64 by a tenth, and by a quarter with handlers that give promises. */
const IN_FLIGHT_MAX = 16;

export const contender = taskAMessage({
  open: openPoolifier,
  file: new URL("./threads/poolifier-worker.js", import.meta.url),
  inFlightMax: IN_FLIGHT_MAX,
});
