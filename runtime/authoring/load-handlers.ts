import { DataFlowerError } from "../../actors/kernel/errors.js";
import { findWorkflow } from "./find-workflow.js";
import { found } from "./found.js";
import type { HandlerExport, HandlerSource } from "./handler-source.js";
import { listHandlers } from "./list-handlers.js";
import { loadModule } from "./load-module.js";
import type { UntypedHandler } from "./task-context.js";

/**
 * The handlers of a workflow in this thread, in the order in which its graph numbers them.
 *
 * @throws DF_BUILDER_UNSTABLE, DF_MODULE_NO_WORKFLOW, DF_MODULE_NO_HANDLER, and what loading a module raises
 */
export async function loadHandlers(name: string, source: HandlerSource): Promise<readonly UntypedHandler[]> {
  if (source.kind === "workflow") return listHandlers(findWorkflow(await loadModule(source.module), name), source);
  const handlers: UntypedHandler[] = [];
  for (const one of source.handlers) handlers.push(await loadHandler(one));
  return handlers;
}

/**
 * @param moduleMsMax see loadModule()
 * @throws DF_MODULE_NO_HANDLER if the module exports no function of that name, and what loading it raises
 */
export async function loadHandler({ module, name }: HandlerExport, moduleMsMax?: number): Promise<UntypedHandler> {
  const namespace = await loadModule(module, moduleMsMax);
  const main = namespace.default;
  const exported = Object.hasOwn(namespace, name) ? namespace[name] : memberOf(main, name);
  if (typeof exported === "function") return exported as UntypedHandler; // what it takes and returns is the affair of who wrote both
  throw new DataFlowerError(
    "DF_MODULE_NO_HANDLER",
    `Cannot find handler ${name} as ${module} must export a function of that name: found ${found(exported)}`,
  );
}

/** A CommonJS module exports through its default export. */
function memberOf(main: unknown, name: string): unknown {
  return typeof main === "object" && main !== null && Object.hasOwn(main, name) ? (main as Record<string, unknown>)[name] : undefined;
}
