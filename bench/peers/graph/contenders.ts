import type { Contender } from "./contender.js";

/** All contenders; each is imported only where it runs, so that none pays for another's modules. */
const modules = {
  dataflower: () => import("./dataflower.js"),
  "dataflower-once": () => import("./dataflower-once.js"),
  "dataflower-always": () => import("./dataflower-always.js"),
  sequential: () => import("./sequential.js"),
  promises: () => import("./promises.js"),
  "promises-threads": () => import("./promises-threads.js"),
  "async-auto": () => import("./async-auto.js"),
  "p-graph": () => import("./p-graph.js"),
  "piscina-task": () => import("./piscina-task.js"),
  "piscina-run": () => import("./piscina-run.js"),
  "tinypool-task": () => import("./tinypool-task.js"),
  "poolifier-task": () => import("./poolifier-task.js"),
  "workerpool-task": () => import("./workerpool-task.js"),
} satisfies Record<string, () => Promise<{ contender: Contender }>>;

export type ContenderName = keyof typeof modules;

export const contenderNames = Object.keys(modules) as ContenderName[]; // as: Object.keys forgets that the keys are known

export async function contenderOf(name: string): Promise<Contender> {
  if (!Object.hasOwn(modules, name))
    throw new Error(`Cannot measure as the contender must be one of ${contenderNames.join(", ")}: ${name}`);
  return (await modules[name as ContenderName]()).contender; // as: hasOwn has just shown it
}
