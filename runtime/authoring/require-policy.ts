import { isAbsolute } from "node:path";
import { pathToFileURL } from "node:url";
import { DataFlowerError } from "../../actors/kernel/errors.js";
import { builtInPolicy, type PolicyDefinition, policyDefinitionOf, policyNames } from "../../schedulers/index.js";
import { found } from "./found.js";
import { isId } from "./ids.js";

/** How another thread finds a policy: by its name, and where it is not DataFlower's own by its module. */
export interface PolicySource {
  readonly name: string;
  /** A `file:` URL; undefined: one of DataFlower's own. */
  readonly module: string | undefined;
}

/**
 * The policy that an option names or holds.
 *
 * @throws DF_SCHEDULER_UNKNOWN for a name that none has; DF_SCHEDULER_INVALID for what policy() did not make, or made of wrong parts
 */
export function requirePolicy(path: string, value: unknown): PolicyDefinition {
  if (typeof value === "string") return builtInPolicy(value) ?? refuseName(path, value);
  const definition = policyDefinitionOf(value);
  if (definition === undefined) {
    refuse(path, `it must be one of ${policyNames.join(", ")}, or what policy() returned`, found(value));
  }
  const { name, module, order } = definition;
  if (!isId(name)) refuse(path, "the name of a policy is 1 to 128 letters, digits, '.', '_' and '-'", found(name));
  if (builtInPolicy(name) !== undefined) refuse(path, "DataFlower has a policy of its own by that name", name);
  return Object.freeze({ name, module: moduleUrl(path, module), order: requireOrder(path, order) });
}

function moduleUrl(path: string, module: unknown): string {
  if (typeof module === "string" && isAbsolute(module)) return pathToFileURL(module).href;
  if (typeof module === "string" && URL.canParse(module) && new URL(module).protocol === "file:") return module;
  refuse(path, "workers must be able to import its module, which is a file: URL (import.meta.url) or an absolute path", found(module));
}

function requireOrder(path: string, order: unknown): PolicyDefinition["order"] {
  const given = typeof order === "object" && order !== null ? (order as Readonly<Record<string, unknown>>) : {};
  const ways = ["rank", "before", "create"].filter((way) => typeof given[way] === "function");
  if (ways.length === 1) return order as PolicyDefinition["order"]; // it has one of the three, and that one is a function
  refuse(path, "a policy has one function rank, before or create", ways.length === 0 ? found(order) : ways.join(", "));
}

function refuseName(path: string, name: string): never {
  throw new DataFlowerError(
    "DF_SCHEDULER_UNKNOWN",
    `Cannot use option ${path} as it must be one of ${policyNames.join(", ")}, or what policy() returned: found ${found(name)}`,
  );
}

function refuse(path: string, rule: string, what: string): never {
  throw new DataFlowerError("DF_SCHEDULER_INVALID", `Cannot use option ${path} as ${rule}: found ${what}`);
}
