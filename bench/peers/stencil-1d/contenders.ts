import type { Contender } from "./contender.js";

const modules = {
  dataflower: () => import("./dataflower.js"),
  "dataflower-latency": () => import("./dataflower-latency.js"),
  "piscina-task": () => import("./piscina-task.js"),
} satisfies Record<string, () => Promise<{ contender: Contender }>>;

export type StencilContender = keyof typeof modules;

/** Each is imported only where it runs. */
export async function stencilContenderOf(name: string): Promise<Contender> {
  if (!Object.hasOwn(modules, name))
    throw new Error(`Cannot run the stencil as the contender must be one of ${Object.keys(modules).join(", ")}: ${name}`);
  return (await modules[name as StencilContender]()).contender; // as: hasOwn has just shown it
}
