import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { FlowBuilder } from "./building/flow-builder.js";
import { runBuilder } from "./building/run-builder.js";
import { checkAcyclic } from "./check-acyclic.js";
import type { CompiledWorkflow } from "./compiled-workflow.js";
import type { HandlerSource } from "./handler-source.js";
import { openGraph } from "./topology.js";
import { requireDefinition, type Workflow } from "./workflow.js";

/**
 * Runs a workflow's builder once and lays its graph into one SharedArrayBuffer.
 *
 * @throws DF_SPEC_INVALID, DF_OPTION_INVALID, DF_UNSERIALIZABLE, DF_REF_USED_AS_VALUE, and what the builder throws itself
 */
export function compile(workflow: Workflow<never, unknown>): CompiledWorkflow {
  const definition = requireDefinition(workflow);
  if (definition.kind === "compiled") return definition.compiled;
  const builder = new FlowBuilder(definition.name, definition.defaults);
  const topology = builder.finish(runBuilder(definition, builder, builder.input));
  const graph = openGraph(topology);
  checkAcyclic(graph, graph.name);
  const { handlers } = builder.handlers;
  const handlerNames = builder.handlers.names();
  const { name, module, inputSchema, whenTaskFails, scheduler } = definition;
  const hash = hashOf([name, whenTaskFails, handlerNames], topology, [module]);
  const source: HandlerSource = Object.freeze({ kind: "workflow", module, handlerNames });
  return Object.freeze({ name, source, hash, handlers, inputSchema, whenTaskFails, scheduler, topology });
}

/** @param modules `file:` URLs */
export function hashOf(facts: unknown, topology: SharedArrayBuffer, modules: readonly string[]): string {
  const hash = createHash("sha256").update(JSON.stringify(facts)).update(new Uint8Array(topology));
  for (const module of modules) hash.update(moduleBytes(module));
  return hash.digest("hex");
}

/** The place of the module is not part of the hash, and a module that is not there (a bundle, a test) has no bytes. */
function moduleBytes(module: string): Uint8Array {
  try {
    return readFileSync(fileURLToPath(module));
  } catch {
    return new Uint8Array();
  }
}
