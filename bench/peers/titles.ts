import type { ContenderName } from "./graph/contenders.js";

/** What the contenders are called in tables and pictures, in the order in which they stand there. */
export const TITLES = {
  dataflower: "DataFlower",
  "dataflower-once": "DataFlower, tried once",
  "dataflower-always": "DataFlower, all encoded",
  sequential: "plain loop",
  promises: "Promise.all",
  "promises-threads": "Promise.all in threads",
  "async-auto": "async.auto",
  "p-graph": "p-graph",
  "piscina-run": "piscina run",
  "piscina-task": "piscina task",
  "tinypool-task": "tinypool task",
  "poolifier-task": "poolifier task",
  "workerpool-task": "workerpool task",
} as const satisfies Record<ContenderName, string>;

/** For contenders that are known by a name alone. */
export function titleOf(contender: string): string {
  return Object.hasOwn(TITLES, contender) ? TITLES[contender as ContenderName] : contender; // as: hasOwn has just shown it
}
