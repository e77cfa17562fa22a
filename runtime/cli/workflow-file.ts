import { DataFlowerError } from "../../actors/kernel/errors.js";
import { compile } from "../authoring/compile.js";
import type { CompiledWorkflow } from "../authoring/compiled-workflow.js";
import { findWorkflow, type ModuleNamespace, workflowsOf } from "../authoring/find-workflow.js";
import { found } from "../authoring/found.js";
import { loadModule } from "../authoring/load-module.js";
import type { Workflow } from "../authoring/workflow.js";

export type AnyWorkflow = Workflow<never, unknown>;

/** Kinds of files that describe workflows without being modules. */
const notYet: readonly (readonly [RegExp, string])[] = [
  [/\.ya?ml$/i, "a YAML file"],
  [/\.json$/i, "a JSON file"],
];

/**
 * Loads the module that FILE names.
 *
 * @throws DF_OPTION_INVALID for a kind of file that cannot be read yet, DF_MODULE_NOT_FOUND, DF_TYPESCRIPT_UNSUPPORTED, DF_MODULE_FAILED
 */
export async function loadFile(file: string): Promise<ModuleNamespace> {
  const kind = notYet.find(([name]) => name.test(file))?.[1];
  if (kind !== undefined) {
    throw new DataFlowerError(
      "DF_OPTION_INVALID",
      `Cannot use ${file} as FILE must be a module (.js, .mjs, .cjs, .ts, .mts or .cts) in this version, which reads neither YAML nor WfFormat: found ${kind}`,
    );
  }
  return beforeIdle(loadModule(file), file);
}

/** A top-level await that nothing can settle leaves the process with nothing to do: it would end as if all were well. */
function beforeIdle<Value>(loading: Promise<Value>, file: string): Promise<Value> {
  return new Promise((resolve, reject) => {
    const giveUp = () =>
      reject(
        new DataFlowerError(
          "DF_MODULE_FAILED",
          `Cannot load ${file} as a module must load to its end: found an await that nothing can settle`,
        ),
      );
    process.once("beforeExit", giveUp);
    loading.then(resolve, reject).finally(() => process.off("beforeExit", giveUp));
  });
}

/**
 * The workflow that a command is about: the one of that name, or the only one.
 *
 * @throws DF_MODULE_NO_WORKFLOW; DF_SPEC_INVALID if two bear one name
 */
export function selectWorkflow(module: ModuleNamespace, name: string | undefined): AnyWorkflow {
  const workflows = workflowsOf(module);
  requireDistinctNames(workflows);
  if (name !== undefined) return findWorkflow(module, name);
  const [only, ...others] = workflows;
  if (only !== undefined && others.length === 0) return only;
  throw new DataFlowerError(
    "DF_MODULE_NO_WORKFLOW",
    `Cannot choose a workflow as --workflow must name one of several: found ${workflows.map((one) => one.name).join(", ")}`,
  );
}

/** Workers find a workflow by its name. @throws DF_SPEC_INVALID */
export function requireDistinctNames(workflows: readonly AnyWorkflow[]): void {
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
