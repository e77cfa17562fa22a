import type { Contender } from "./contender.js";
import { dataflower } from "./dataflower.js";

/** DataFlower without retries and time-outs: what it is ahead by is what these cost. */
export const contender: Contender = dataflower("once");
