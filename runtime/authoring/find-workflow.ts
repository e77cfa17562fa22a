import { DataFlowerError } from "../../actors/kernel/errors.js";
import { definitionOf, type Workflow } from "./workflow.js";

export type ModuleNamespace = Readonly<Record<string, unknown>>;

/**
 * All workflows that a module exports, each once, in the order of their exports' names. A CommonJS module exports them through
 * its default export.
 *
 * @throws DF_MODULE_NO_WORKFLOW if there is none
 */
export function workflowsOf(module: ModuleNamespace): readonly Workflow<never, unknown>[] {
  const found = [...new Set([...Object.values(module), ...membersOf(module.default)])].filter(isWorkflow);
  if (found.length > 0) return found;
  throw new DataFlowerError(
    "DF_MODULE_NO_WORKFLOW",
    `Cannot use the module as it must export what workflow() returns: found ${listed(Object.keys(module), "no export")}`,
  );
}

/**
 * @param name of the workflow, not of its export
 * @throws DF_MODULE_NO_WORKFLOW if the module exports none of that name
 */
export function findWorkflow(module: ModuleNamespace, name: string): Workflow<never, unknown> {
  const workflows = workflowsOf(module);
  const workflow = workflows.find((one) => one.name === name);
  if (workflow !== undefined) return workflow;
  throw new DataFlowerError(
    "DF_MODULE_NO_WORKFLOW",
    `Cannot find workflow ${name} as the module must export it: found ${workflows.map((one) => one.name).join(", ")}`,
  );
}

const isWorkflow = (value: unknown): value is Workflow<never, unknown> => definitionOf(value) !== undefined;

const membersOf = (value: unknown): readonly unknown[] => (typeof value === "object" && value !== null ? Object.values(value) : []);

const listed = (names: readonly string[], none: string): string => (names.length === 0 ? none : names.join(", "));
