import type { DurableContender } from "./contender.js";

/** All durable contenders; each is imported only where it runs, so that none pays for another's modules. */
const modules = {
  dataflower: () => import("./dataflower.js"),
  "bullmq-jobs": () => import("./bullmq-jobs.js"),
  "bullmq-flow": () => import("./bullmq-flow.js"),
  restate: () => import("./restate.js"),
  "control-flow": () => import("./control-flow.js"),
} satisfies Record<string, () => Promise<{ contender: DurableContender }>>;

export type DurableContenderName = keyof typeof modules;

export const durableContenderNames = Object.keys(modules) as DurableContenderName[]; // as: Object.keys forgets that the keys are known

export async function durableContenderOf(name: string): Promise<DurableContender> {
  if (!Object.hasOwn(modules, name))
    throw new Error(`Cannot measure as the durable contender must be one of ${durableContenderNames.join(", ")}: ${name}`);
  return (await modules[name as DurableContenderName]()).contender; // as: hasOwn has just shown it
}
