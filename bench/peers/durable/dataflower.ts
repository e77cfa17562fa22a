import { dataflower } from "../graph/dataflower.js";
import type { DurableContender } from "./contender.js";

/** DataFlower: everything it promises is on, at the durability that is asked for. */
export const contender: DurableContender = {
  open: ({ graph, threads, store, durability, commit }) =>
    dataflower("default", { store, durability, commit }).open({ graph, threads, handlers: "sync" }),
};
