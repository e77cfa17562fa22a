import { isAbsolute } from "node:path";
import { pathToFileURL } from "node:url";
import { DataFlowerError } from "../../actors/kernel/errors.js";
import type { WhenTaskFails } from "../../actors/workflow/loaded-workflow.js";
import type { CustomPolicy, PolicyDefinition } from "../../schedulers/index.js";
import type { CompiledWorkflow } from "./compiled-workflow.js";
import type { Flow } from "./flow.js";
import { found } from "./found.js";
import type { Resolved } from "./given.js";
import { requireId } from "./ids.js";
import { refuseOption, requireOneOf, requireOptions } from "./option-checks.js";
import type { Ref } from "./ref.js";
import { requirePolicy } from "./require-policy.js";
import { checkTaskDefaults } from "./resolve-options.js";
import type { Schema } from "./schema.js";
import type { TaskDefaults } from "./task-options.js";

declare const TYPES: unique symbol;

/** A workflow that can be run: what `workflow()` returns. */
export interface Workflow<in In, out Out> {
  readonly name: string;
  /** Exists for the compiler only: an input gives an output. */
  readonly [TYPES]: (input: In) => Out;
}

export interface WorkflowOptions<In, I> {
  /** Unique among the workflows of an engine; same form as the name of a task. */
  name: string;
  /** Where workers find this workflow: `import.meta.url` of the module that exports it. A `file:` URL or an absolute path. */
  module: string;
  /** Checks the input of each run before it is accepted: any Standard Schema (zod, valibot, arktype…). */
  input?: Schema<In, I>;
  /**
   * What it means for a run that one of its tasks has failed for good, where neither `fallback` nor `onFailure` of the task say
   * otherwise. "stop": the run fails at once; no further task of it starts and those that wait are aborted. "continue": all that does
   * not depend on the task is finished, then the run fails with the first such error.
   * @defaultValue "stop"
   */
  whenTaskFails?: WhenTaskFails;
  /** Options of all tasks that do not say otherwise themselves. */
  defaults?: TaskDefaults;
  /** The order in which the tasks of a run start: a name, or what `policy()` returned. @defaultValue the engine's scheduler */
  scheduler?: string | CustomPolicy;
}

/** What a workflow is made of, checked. */
export type WorkflowDefinition = BuiltDefinition | CompiledDefinition;

/** A workflow that was written by calls. */
export interface BuiltDefinition {
  readonly kind: "built";
  readonly name: string;
  /** A `file:` URL. */
  readonly module: string;
  readonly inputSchema: Schema<unknown, unknown> | undefined;
  readonly whenTaskFails: WhenTaskFails;
  readonly defaults: TaskDefaults;
  readonly scheduler: PolicyDefinition | undefined;
  readonly build: (flow: Flow, input: unknown) => unknown;
}

/** A workflow that was read from a file. */
export interface CompiledDefinition {
  readonly kind: "compiled";
  readonly name: string;
  readonly compiled: CompiledWorkflow;
}

/** Registered, so that two copies of this package know each other's workflows. */
const DEFINITION = Symbol.for("dataflower.workflow");

const optionNames = [
  "name",
  "module",
  "input",
  "whenTaskFails",
  "defaults",
  "scheduler",
] as const satisfies readonly (keyof WorkflowOptions<never, never>)[];

/**
 * Defines a workflow. Nothing runs yet: an engine calls `build` once to write the graph.
 *
 * The module that defines a workflow is imported by every worker, so it exports the workflow and starts nothing itself. `build`
 * must depend on nothing but its arguments: no time, randomness, environment or thread.
 *
 * @param options name and module; a schema there types the input, else annotate it: `(flow, input: Ref<{ url: string }>) => ...`
 * @param build adds tasks and returns the run's result: a ref, or a structure that holds refs
 * @throws DF_SPEC_INVALID, DF_OPTION_INVALID
 */
export function workflow<In, I, R>(
  options: WorkflowOptions<In, I> & { input: Schema<In, I> },
  build: (flow: Flow, input: Ref<I>) => R,
): Workflow<In, Resolved<R>>;
export function workflow<I, R>(options: WorkflowOptions<I, I>, build: (flow: Flow, input: Ref<I>) => R): Workflow<I, Resolved<R>>;
export function workflow(options: unknown, build: unknown): unknown {
  const { name, module, input, whenTaskFails = "stop", defaults, scheduler } = requireOptions("workflow", options, optionNames);
  const definition: BuiltDefinition = Object.freeze({
    kind: "built",
    name: requireId("workflow.name", name),
    module: moduleUrl(module),
    inputSchema: requireSchema(input),
    whenTaskFails: requireOneOf("workflow.whenTaskFails", whenTaskFails, ["stop", "continue"]),
    defaults: checkTaskDefaults(defaults, "workflow.defaults"),
    scheduler: scheduler === undefined ? undefined : requirePolicy("workflow.scheduler", scheduler),
    build: requireBuilder(build),
  });
  return withDefinition(definition);
}

/** A workflow that was read from a file, as if it had been written by calls. */
export function compiledWorkflow(compiled: CompiledWorkflow): Workflow<unknown, unknown> {
  const definition: CompiledDefinition = Object.freeze({ kind: "compiled", name: compiled.name, compiled });
  return withDefinition(definition) as Workflow<unknown, unknown>;
}

function withDefinition(definition: WorkflowDefinition): unknown {
  return Object.freeze({ name: definition.name, [DEFINITION]: definition });
}

/** @returns the definition of a workflow; undefined for anything else */
export function definitionOf(value: unknown): WorkflowDefinition | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  return (value as { readonly [DEFINITION]?: WorkflowDefinition })[DEFINITION]; // only workflow() sets this
}

/** @throws DF_SPEC_INVALID if the value is not what workflow() returns */
export function requireDefinition(value: unknown): WorkflowDefinition {
  const definition = definitionOf(value);
  if (definition !== undefined) return definition;
  throw new DataFlowerError(
    "DF_SPEC_INVALID",
    `Cannot use this as a workflow as it must be what workflow() returned: found ${found(value)}`,
  );
}

function moduleUrl(module: unknown): string {
  if (typeof module === "string" && isAbsolute(module)) return pathToFileURL(module).href;
  if (typeof module === "string" && URL.canParse(module) && new URL(module).protocol === "file:") return module;
  throw new DataFlowerError(
    "DF_SPEC_INVALID",
    `Cannot use workflow.module as workers must be able to import it, so it is a file: URL (import.meta.url) or an absolute path: found ${found(module)}`,
  );
}

function requireSchema(input: unknown): Schema<unknown, unknown> | undefined {
  if (input === undefined) return undefined;
  const standard: unknown = (input as { readonly "~standard"?: unknown } | null)?.["~standard"];
  const isSchema = typeof standard === "object" && standard !== null && "validate" in standard && typeof standard.validate === "function";
  if (!isSchema) refuseOption("workflow.input", "a Standard Schema, such as a zod object", input);
  return input as Schema<unknown, unknown>; // it validates; what it validates is known to the caller's types
}

function requireBuilder(build: unknown): BuiltDefinition["build"] {
  if (typeof build === "function") return build as BuiltDefinition["build"]; // called with a flow and a ref; what it returns is checked
  throw new DataFlowerError("DF_SPEC_INVALID", `Cannot define a workflow as its builder must be a function: found ${found(build)}`);
}
