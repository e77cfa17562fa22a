import { DataFlowerError } from "../../actors/kernel/errors.js";
import { isDefinition, type LocalDefinition } from "../../actors/local/definition.js";
import { found } from "../authoring/found.js";
import { loadModule } from "../authoring/load-module.js";

/**
 * The definition that a module exports under a name.
 *
 * @throws DF_MODULE_NO_ACTOR, DF_MODULE_NOT_FOUND, DF_MODULE_FAILED, DF_TYPESCRIPT_UNSUPPORTED
 */
export async function findActor(module: string, name: string): Promise<LocalDefinition<unknown, unknown>> {
  const namespace = await loadModule(module);
  const { default: main } = namespace;
  const exported = Object.hasOwn(namespace, name) ? namespace[name] : memberOf(main, name);
  if (isDefinition(exported)) return exported as LocalDefinition<never, never> as unknown as LocalDefinition<unknown, unknown>; // whoever spawns it says what it takes
  throw new DataFlowerError(
    "DF_MODULE_NO_ACTOR",
    `Cannot find actor ${name} as ${module} must export what defineActor() returns under that name: found ${found(exported)}`,
  );
}

/** A CommonJS module exports through its default export. */
function memberOf(main: unknown, name: string): unknown {
  return typeof main === "object" && main !== null && Object.hasOwn(main, name) ? (main as Record<string, unknown>)[name] : undefined;
}
