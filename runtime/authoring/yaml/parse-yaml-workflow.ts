import type { ResolvedTaskOptions, Template } from "../../../actors/workflow/graph.js";
import { PARAM_PLACE } from "../building/graph-writer.js";
import { findCycle } from "../check-acyclic.js";
import { type ListedTask, type ListedWorkflow, placeOfTask } from "../compile-listed.js";
import { found } from "../found.js";
import { requirePolicy } from "../require-policy.js";
import { checkTaskDefaults, resolveTaskOptions } from "../resolve-options.js";
import type { TaskDefaults } from "../task-options.js";
import { schemaMistake } from "./workflow-schema.js";
import { type YamlPath, YamlSource } from "./yaml-source.js";
import { type PlaceOf, placesOf, refTemplate, yamlTemplate } from "./yaml-template.js";

/** All that a file says of a workflow; its modules have not been looked for yet. */
export interface YamlWorkflow extends Omit<ListedWorkflow, "handlers"> {
  /** Numbered by the tasks; each once. */
  readonly handlers: readonly NamedHandler[];
}

/** A function as a file names it. */
export interface NamedHandler {
  /** The module's path as it is written. */
  readonly module: string;
  /** Name of the export. */
  readonly name: string;
  /** Where it is named first, as `flow.yaml:3: tasks.resize.run`. To find the line takes time that only an error is worth. */
  readonly place: () => string;
}

/** What the schema has made sure of. */
interface FileOfWorkflow {
  readonly name: string;
  readonly tasks: Readonly<Record<string, FileOfTask>>;
  readonly result?: unknown;
  readonly whenTaskFails?: "stop" | "continue";
  readonly scheduler?: string;
  readonly defaults?: TaskDefaults;
}

/** All other members are options. */
interface FileOfTask {
  readonly run: string;
  readonly inputs?: unknown;
  readonly after?: readonly string[];
}

/**
 * Reads a workflow from the text of a YAML file; configs/workflow.schema.json describes the form. Loads nothing.
 *
 * @param file how messages name it: they begin with file, line and path, as `flow.yaml:7: tasks.resize.inputs.image: …`
 * @throws DF_SPEC_INVALID; DF_OPTION_INVALID for a wrong value of an option; DF_SCHEDULER_UNKNOWN
 */
export function parseYamlWorkflow(text: string, file: string): YamlWorkflow {
  const source = new YamlSource(text, file);
  requireForm(source);
  return new WorkflowParser(source, source.value as FileOfWorkflow).parse(); // the schema has accepted it
}

function requireForm(source: YamlSource): void {
  const mistake = schemaMistake(source.value);
  if (mistake === undefined) return;
  if (mistake.isOptionValue) source.checked(mistake.path, () => resolveOptionsAt(source.value, mistake.path));
  source.refuse(mistake.path, `Cannot use this as ${mistake.reason}`);
}

/** What a schema says of a wrong option is harder to read than what the options' own check says. */
function resolveOptionsAt(value: unknown, [part, name]: YamlPath): void {
  const { defaults, tasks } = value as FileOfWorkflow; // the schema has found nothing wrong on the way to the option
  if (part === "defaults") checkTaskDefaults(defaults, "defaults");
  else resolveTaskOptions(optionsOf(tasks[name as string]!), {}, `tasks.${name}`);
}

function optionsOf({ run, inputs, after, ...options }: FileOfTask): Readonly<Record<string, unknown>> {
  return options;
}

class WorkflowParser {
  readonly #source: YamlSource;
  readonly #file: FileOfWorkflow;
  readonly #names: readonly string[];
  readonly #positionOf: ReadonlyMap<string, number>;
  readonly #defaults: TaskDefaults;
  readonly #handlers = new Map<string, NamedHandler & { readonly number: number }>();

  constructor(source: YamlSource, file: FileOfWorkflow) {
    this.#source = source;
    this.#file = file;
    this.#names = Object.keys(file.tasks);
    this.#positionOf = new Map(this.#names.map((name, position) => [name, position]));
    this.#defaults = source.checked(["defaults"], () => checkTaskDefaults(file.defaults, "defaults"));
  }

  parse(): YamlWorkflow {
    const { name, whenTaskFails = "stop", scheduler } = this.#file;
    const tasks = this.#names.map((task) => this.#task(task));
    const waits = tasks.map((task) => this.#waitsOf(task));
    this.#requireAcyclic(waits);
    return {
      name,
      whenTaskFails,
      tasks,
      handlers: [...this.#handlers.values()].map(({ module, name: exported, place }) => ({ module, name: exported, place })),
      defaults: resolveTaskOptions(undefined, this.#defaults, "defaults"),
      result: this.#file.result === undefined ? this.#lastOutputs(waits) : this.#result(this.#file.result),
      scheduler: scheduler === undefined ? undefined : this.#source.checked(["scheduler"], () => requirePolicy("scheduler", scheduler)),
    };
  }

  #task(name: string): ListedTask {
    const path = ["tasks", name];
    const task = this.#file.tasks[name]!;
    return {
      name,
      isNameGiven: true,
      handler: this.#handler(task.run, [...path, "run"]),
      input: this.#template(task.inputs, [...path, "inputs"]),
      options: this.#options(task, path),
      after: (task.after ?? []).map((other, index) => this.#after(other, [...path, "after", index])),
    };
  }

  /** @returns the number of the function that `run` names */
  #handler(run: string, path: YamlPath): number {
    const [module = "", name = "default"] = run.split("#");
    const key = `${module}#${name}`;
    const known = this.#handlers.get(key);
    if (known !== undefined) return known.number;
    const number = this.#handlers.size;
    this.#handlers.set(key, { module, name, place: () => this.#source.place(path), number });
    return number;
  }

  #options(task: FileOfTask, path: YamlPath): ResolvedTaskOptions | undefined {
    const options = optionsOf(task);
    if (Object.keys(options).length === 0) return undefined;
    const resolved = this.#source.checked(path, () => resolveTaskOptions(options, this.#defaults, path.join(".")));
    return resolved.fallback === undefined ? resolved : { ...resolved, fallback: this.#fallback(resolved.fallback.value, path) };
  }

  #fallback(given: unknown, task: YamlPath): { readonly value: unknown } {
    const path = [...task, "fallback"];
    const template = this.#template(given, path);
    if (template.kind === "constant") return { value: template.value };
    return this.#source.refuse(path, "Cannot read this as a fallback is data: found a ref");
  }

  #after(name: string, path: YamlPath): number {
    const position = this.#positionOf.get(name);
    return position ?? this.#source.refuse(path, `Cannot wait for this as it must be a task of this file: found ${found(name)}`);
  }

  #result(given: unknown): Template {
    const template = this.#template(given, ["result"]);
    if (template.kind !== "constant") return template;
    return this.#source.refuse(
      ["result"],
      `Cannot use this as a result reads something, such as \${${this.#names[0]}}: found ${found(given)}`,
    );
  }

  #template(given: unknown, path: YamlPath): Template {
    return yamlTemplate(given, path, this.#source, this.#placeOf);
  }

  readonly #placeOf: PlaceOf = (name) => {
    if (name === "input") return PARAM_PLACE;
    const position = this.#positionOf.get(name);
    return position === undefined ? undefined : placeOfTask(position);
  };

  /** The positions of the tasks that a task waits for. */
  #waitsOf({ input, after }: ListedTask): ReadonlySet<number> {
    const read = [...placesOf(input)].filter((place) => place !== PARAM_PLACE);
    return new Set([...read.map((place) => place - placeOfTask(0)), ...after]);
  }

  #requireAcyclic(waits: readonly ReadonlySet<number>[]): void {
    const successorFirst = new Int32Array(waits.length + 1);
    for (const [position, others] of waits.entries()) successorFirst[position + 1] = successorFirst[position]! + others.size;
    const successor = Int32Array.from(waits.flatMap((others) => [...others]));
    const cycle = findCycle({ nodeCount: waits.length, first: Int32Array.of(0, waits.length), successorFirst, successor });
    if (cycle === undefined) return;
    const names = cycle.reverse().map((position) => this.#names[position]!); // from what is waited for to what waits
    this.#source.refuse(["tasks", names[0]!], `Cannot run this as no task may wait for itself: found ${names.join(" -> ")}`);
  }

  /** There is at least one task that nobody waits for, as there is no cycle. */
  #lastOutputs(waits: readonly ReadonlySet<number>[]): Template {
    const awaited = new Set(waits.flatMap((others) => [...others]));
    const last = [...waits.keys()].filter((position) => !awaited.has(position));
    const values = last.map((position) => refTemplate(placeOfTask(position)));
    return values.length === 1 ? values[0]! : { kind: "object", keys: last.map((position) => this.#names[position]!), values };
  }
}
