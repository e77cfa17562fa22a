import type { Contender } from "./contender.js";

const modules = {
  dataflower: () => import("./dataflower.js"),
  sequential: () => import("./sequential.js"),
  promises: () => import("./promises.js"),
  "async-auto": () => import("./async-auto.js"),
  "piscina-task": () => import("./piscina-task.js"),
  "piscina-run": () => import("./piscina-run.js"),
  "tinypool-task": () => import("./tinypool-task.js"),
  "poolifier-task": () => import("./poolifier-task.js"),
  "workerpool-task": () => import("./workerpool-task.js"),
} satisfies Record<string, () => Promise<{ contender: Contender }>>;

export type WordCountContender = keyof typeof modules;

/** All contenders in word count; each is imported only where it runs. */
export const wordCountContenders = Object.keys(modules) as WordCountContender[]; // as: Object.keys forgets that the keys are known

export async function wordCountContenderOf(name: string): Promise<Contender> {
  if (!Object.hasOwn(modules, name))
    throw new Error(`Cannot count words as the contender must be one of ${wordCountContenders.join(", ")}: ${name}`);
  return (await modules[name as WordCountContender]()).contender; // as: hasOwn has just shown it
}
