import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { WhenTaskFails } from "../../actors/workflow/loaded-workflow.js";
import { FlowBuilder } from "./building/flow-builder.js";
import { runBuilder } from "./building/run-builder.js";
import { checkAcyclic } from "./check-acyclic.js";
import type { Schema } from "./schema.js";
import type { UntypedHandler } from "./task-context.js";
import type { TaskDefaults } from "./task-options.js";
import { openGraph } from "./topology.js";
import { requireDefinition, type Workflow, type WorkflowDefinition } from "./workflow.js";

/** A workflow ready to run. All but handlers and schema can be handed to another thread as it is. */
export interface CompiledWorkflow {
  readonly name: string;
  /** `file:` URL of the module that exports the workflow. */
  readonly module: string;
  /** sha256 in hex over topology, names, options and, where it can be read, the module's file. What the module imports is not seen. */
  readonly hash: string;
  /** In the order of their first use; the graph names them by position. */
  readonly handlers: readonly UntypedHandler[];
  readonly handlerNames: readonly string[];
  readonly inputSchema: Schema<unknown, unknown> | undefined;
  readonly whenTaskFails: WhenTaskFails;
  /** Merged into the options of every task already. */
  readonly defaults: TaskDefaults;
  /** The graph; see openGraph(). */
  readonly topology: SharedArrayBuffer;
}

/**
 * Runs a workflow's builder once and lays its graph into one SharedArrayBuffer.
 *
 * @throws DF_SPEC_INVALID, DF_OPTION_INVALID, DF_UNSERIALIZABLE, DF_REF_USED_AS_VALUE, and what the builder throws itself
 */
export function compile(workflow: Workflow<never, unknown>): CompiledWorkflow {
  const definition = requireDefinition(workflow);
  const builder = new FlowBuilder(definition.name, definition.defaults);
  const topology = builder.finish(runBuilder(definition, builder, builder.input));
  const graph = openGraph(topology);
  checkAcyclic(graph, graph.name);
  const { handlers } = builder.handlers;
  const handlerNames = builder.handlers.names();
  const { name, module, inputSchema, whenTaskFails, defaults } = definition;
  const hash = hashOf(definition, handlerNames, topology);
  return Object.freeze({ name, module, hash, handlers, handlerNames, inputSchema, whenTaskFails, defaults, topology });
}

function hashOf({ name, module, whenTaskFails }: WorkflowDefinition, handlerNames: readonly string[], topology: SharedArrayBuffer): string {
  return createHash("sha256")
    .update(JSON.stringify([name, whenTaskFails, handlerNames]))
    .update(new Uint8Array(topology))
    .update(moduleBytes(module))
    .digest("hex");
}

/** The place of the module is not part of the hash, and a module that is not there (a bundle, a test) has no bytes. */
function moduleBytes(module: string): Uint8Array {
  try {
    return readFileSync(fileURLToPath(module));
  } catch {
    return new Uint8Array();
  }
}
