import type { WhenTaskFails } from "../../actors/workflow/loaded-workflow.js";
import type { PolicyDefinition } from "../../schedulers/index.js";
import type { HandlerSource } from "./handler-source.js";
import type { Schema } from "./schema.js";
import type { UntypedHandler } from "./task-context.js";

/** A workflow ready to run. All but handlers and schema can be handed to another thread as it is. */
export interface CompiledWorkflow {
  readonly name: string;
  /** Where other threads find the handlers. */
  readonly source: HandlerSource;
  /** sha256 in hex over topology, names, options and, where they can be read, the modules' files. What these import is not seen. */
  readonly hash: string;
  /** In the order of their first use; the graph names them by position. */
  readonly handlers: readonly UntypedHandler[];
  readonly inputSchema: Schema<unknown, unknown> | undefined;
  readonly whenTaskFails: WhenTaskFails;
  /** The order of the tasks within a run; undefined: as the engine's scheduler has it. */
  readonly scheduler: PolicyDefinition | undefined;
  /** The graph; see openGraph(). */
  readonly topology: SharedArrayBuffer;
}
