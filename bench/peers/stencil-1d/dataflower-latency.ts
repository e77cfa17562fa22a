import type { Contender } from "./contender.js";
import { dataflower } from "./dataflower.js";

/** DataFlower with the profile for short waits. */
export const contender: Contender = dataflower("latency");
