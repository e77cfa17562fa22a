import { DataFlowerError } from "../../actors/kernel/errors.js";
import { compile } from "../authoring/compile.js";
import type { CompiledWorkflow } from "../authoring/compiled-workflow.js";
import { workflowsOf } from "../authoring/find-workflow.js";
import { found } from "../authoring/found.js";
import { loadModule } from "../authoring/load-module.js";
import { refuseOption } from "../authoring/option-checks.js";
import { describesWorkflow, type ReadOptions, readWorkflowFile } from "../authoring/read-workflow.js";
import type { Trace } from "../authoring/wfformat/trace.js";
import type { Workflow } from "../authoring/workflow.js";

export type AnyWorkflow = Workflow<never, unknown>;

/** What FILE holds. */
export interface OpenFile {
  /** At least one, each with a name of its own. */
  readonly workflows: readonly AnyWorkflow[];
  /** Where it is a recorded execution. */
  readonly replay: Replay | undefined;
}

/** A recorded execution that is to be replayed. */
export interface Replay {
  readonly trace: Trace;
  readonly timeScale: number;
}

/**
 * Opens FILE: a module, or a file that describes a workflow.
 *
 * @param options for recorded executions; refused for modules, unless there are none
 * @throws DF_OPTION_INVALID, DF_MODULE_…, DF_TYPESCRIPT_UNSUPPORTED, DF_SPEC_INVALID
 */
export async function openFile(file: string, options: ReadOptions = {}): Promise<OpenFile> {
  if (!describesWorkflow(file)) {
    if (Object.keys(options).length > 0) refuseOption("--body and --time-scale", "absent unless FILE is WfFormat (.json)", file);
    const workflows = workflowsOf(await loadModule(file));
    requireDistinctNames(workflows);
    return { workflows, replay: undefined };
  }
  const { workflow, trace, timeScale } = await readWorkflowFile(file, options);
  return { workflows: [workflow], replay: trace === undefined ? undefined : { trace, timeScale } };
}

/**
 * The workflow that a command is about: the one of that name, or the only one.
 *
 * @throws DF_MODULE_NO_WORKFLOW
 */
export function selectWorkflow({ workflows }: OpenFile, name: string | undefined): AnyWorkflow {
  const [only, ...others] = workflows;
  const chosen = name === undefined ? (others.length === 0 ? only : undefined) : workflows.find((one) => one.name === name);
  if (chosen !== undefined) return chosen;
  const names = workflows.map((one) => one.name).join(", ");
  const rule =
    name === undefined ? "choose a workflow as --workflow must name one of several" : `find workflow ${name} as FILE must have it`;
  throw new DataFlowerError("DF_MODULE_NO_WORKFLOW", `Cannot ${rule}: found ${names}`);
}

/** Workers find a workflow by its name. @throws DF_SPEC_INVALID */
function requireDistinctNames(workflows: readonly AnyWorkflow[]): void {
  const names = workflows.map((one) => one.name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice === undefined) return;
  throw new DataFlowerError(
    "DF_SPEC_INVALID",
    `Cannot use the module as each of its workflows must have a name of its own: found two named ${twice}`,
  );
}

/** Compiles a workflow. @throws what compile() does; DF_MODULE_FAILED with what the builder itself threw */
export function compileWorkflow(workflow: AnyWorkflow): CompiledWorkflow {
  try {
    return compile(workflow);
  } catch (cause) {
    if (cause instanceof Error && cause.name === "DataFlowerError") throw cause;
    const thrown = cause instanceof Error ? `${cause.name}: ${cause.message}` : found(cause);
    throw new DataFlowerError(
      "DF_MODULE_FAILED",
      `Cannot compile workflow ${workflow.name} as its builder must not throw: found ${thrown}`,
      { cause },
    );
  }
}
