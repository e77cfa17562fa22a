import type { ResolvedTaskOptions, Template } from "../../actors/workflow/graph.js";
import type { WhenTaskFails } from "../../actors/workflow/loaded-workflow.js";
import type { PolicyDefinition } from "../../schedulers/index.js";
import { GraphWriter, PARAM_PLACE } from "./building/graph-writer.js";
import { OptionTable } from "./building/option-table.js";
import { writeTopology } from "./building/write-topology.js";
import { checkAcyclic } from "./check-acyclic.js";
import { hashOf } from "./compile.js";
import type { CompiledWorkflow } from "./compiled-workflow.js";
import type { HandlerExport } from "./handler-source.js";
import type { UntypedHandler } from "./task-context.js";
import { openGraph } from "./topology.js";

/** A workflow as a file lists it: tasks in any order, that name each other. */
export interface ListedWorkflow {
  readonly name: string;
  readonly tasks: readonly ListedTask[];
  /** Numbered by the tasks. */
  readonly handlers: readonly ListedHandler[];
  /** Of tasks without any of their own. */
  readonly defaults: ResolvedTaskOptions;
  readonly result: Template;
  readonly whenTaskFails: WhenTaskFails;
  readonly scheduler: PolicyDefinition | undefined;
}

export interface ListedHandler extends HandlerExport {
  readonly handler: UntypedHandler;
}

/** Refs in templates name a task by its {@link placeOfTask}; place 0 is the run's input. */
export interface ListedTask {
  /** Legal, see ids.ts. */
  readonly name: string;
  /** False: where another task has that name already, a number is added to it. */
  readonly isNameGiven: boolean;
  /** What its latencies are grouped by. @defaultValue its name */
  readonly label?: string;
  readonly handler: number;
  readonly input: Template;
  readonly options: ResolvedTaskOptions | undefined;
  /** Tasks, by position in the list, that end first although nothing of theirs may be read. */
  readonly after: readonly number[];
}

/** Place in the graph of a task by its position in the list: nodes stand in the order of the list. */
export const placeOfTask = (position: number): number => PARAM_PLACE + 1 + position;

/**
 * Lays a listed workflow into one SharedArrayBuffer, as compile() does for one that was written by calls.
 *
 * @throws DF_SPEC_INVALID for tasks that wait for themselves, and for a name that is given twice
 */
export function compileListed(listed: ListedWorkflow): CompiledWorkflow {
  const { name, whenTaskFails, scheduler, handlers } = listed;
  const writer = new GraphWriter();
  const options = new OptionTable(writer.strings, listed.defaults);
  for (const task of listed.tasks) {
    const { isNameGiven, label, handler, input } = task;
    const option = task.options === undefined ? 0 : options.add(task.options);
    writer.addTask({ name: task.name, isNameGiven, label, input, option, handler, after: [], afterPlaces: task.after.map(placeOfTask) });
  }
  writer.finish(listed.result);
  const topology = writeTopology(writer, options.strings, handlers.length);
  const graph = openGraph(topology);
  checkAcyclic(graph, graph.name);
  const exports = handlers.map(({ module, name: exported }) => ({ module, name: exported }));
  return Object.freeze({
    name,
    source: Object.freeze({ kind: "exports", handlers: exports }),
    hash: hashOf([name, whenTaskFails, exports.map((one) => one.name)], topology, [...new Set(exports.map(({ module }) => module))]),
    handlers: handlers.map(({ handler }) => handler),
    inputSchema: undefined,
    whenTaskFails,
    scheduler,
    topology,
  });
}
