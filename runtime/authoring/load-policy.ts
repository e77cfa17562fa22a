import { DataFlowerError } from "../../actors/kernel/errors.js";
import { builtInPolicy, type PolicyDefinition, policyDefinitionOf } from "../../schedulers/index.js";
import { loadModule } from "./load-module.js";
import { type PolicySource, requirePolicy } from "./require-policy.js";

/**
 * Finds a policy in this thread.
 *
 * @throws DF_SCHEDULER_UNKNOWN if its module exports no policy of that name, DF_SCHEDULER_INVALID if it is made of wrong parts, and
 *   what loading a module raises
 */
export async function loadPolicy({ name, module }: PolicySource): Promise<PolicyDefinition> {
  if (module === undefined) return builtInPolicy(name) ?? refuse(name, "dataflower");
  for (const exported of membersOf(await loadModule(module))) {
    if (policyDefinitionOf(exported)?.name === name) return requirePolicy("scheduler", exported);
  }
  return refuse(name, module);
}

/** What a module exports; a CommonJS module does so through its default export. */
function membersOf(module: Readonly<Record<string, unknown>>): unknown[] {
  const { default: main } = module;
  return [...Object.values(module), ...(typeof main === "object" && main !== null ? Object.values(main) : [])];
}

function refuse(name: string, module: string): never {
  throw new DataFlowerError("DF_SCHEDULER_UNKNOWN", `Cannot find policy ${name} as ${module} must export it: found none of that name`);
}
