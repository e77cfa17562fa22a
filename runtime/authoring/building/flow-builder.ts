import { DataFlowerError } from "../../../actors/kernel/errors.js";
import type { Template } from "../../../actors/workflow/graph.js";
import { taskPositionsMax } from "../../../actors/workflow/run-past.js";
import { found } from "../found.js";
import { idFrom, requireId } from "../ids.js";
import { refuseOption } from "../option-checks.js";
import type { RefTo } from "../ref.js";
import { resolveArity, resolveMapOptions, resolveReduceOptions, resolveTaskOptions } from "../resolve-options.js";
import type { TaskDefaults } from "../task-options.js";
import { GraphWriter } from "./graph-writer.js";
import { HandlerTable } from "./handler-table.js";
import { inputTemplate } from "./input-template.js";
import { OptionTable } from "./option-table.js";
import { createIndexRef, createRef, type RefOwner, type RefState, refState, refText } from "./ref-proxy.js";
import { checkReturned } from "./run-builder.js";
import type { UntypedFlow } from "./untyped-flow.js";
import { writeTopology } from "./write-topology.js";

const standardOption = 0;

/** How deep maps may be nested: a call of a reduce in the innermost one is named by one position for each, one for the reduce, and its own. */
export const mapDepthMax = taskPositionsMax - 2;

/** The flow that a builder is handed while its workflow is compiled: checks what it is given, and has the graph written. */
export class FlowBuilder implements UntypedFlow, RefOwner {
  readonly handlers = new HandlerTable();
  readonly #writer = new GraphWriter();
  readonly #options: OptionTable;
  readonly #workflow: string;
  readonly #defaults: TaskDefaults;
  #isOpen = true;
  /** A body that threw is half written: a builder that catches what it threw must not go on as if nothing had happened. */
  #failure: { readonly thrown: unknown } | undefined;

  constructor(workflow: string, defaults: TaskDefaults) {
    this.#workflow = workflow;
    this.#defaults = defaults;
    this.#options = new OptionTable(this.#writer.strings, resolveTaskOptions(undefined, defaults, "defaults"));
  }

  /** A ref of the run's input. */
  readonly input: RefTo<unknown> = createRef(this, 0);

  label(node: number): string {
    return this.#writer.label(node);
  }

  // Specs are written out field by field: a spread costs a microsecond, and a graph may have a million tasks.

  task(handler: unknown, inputs?: unknown, options?: unknown): RefTo<unknown> {
    this.#requireOpen("flow.task");
    const number = this.handlers.add(handler, "flow.task");
    const given = this.#givenName(options);
    const name = given ?? idFrom(nameOf(handler), "task");
    const option = this.#optionOf(options, name, resolveTaskOptions);
    const after = this.#after(options, name);
    const input = this.#template(inputs, `${name}.inputs`);
    return createRef(this, this.#writer.addTask({ name, isNameGiven: given !== undefined, input, option, after, handler: number }));
  }

  map(list: unknown, body: unknown, options?: unknown): RefTo<unknown> {
    this.#requireOpen("flow.map");
    if (typeof body !== "function" || refState(body) !== undefined) {
      throw new DataFlowerError("DF_SPEC_INVALID", `Cannot add a map as its body must be a function: found ${found(body)}`);
    }
    const given = this.#givenName(options);
    const name = given ?? "map";
    const { concurrency: width } = resolveMapOptions(options, name);
    if (this.#writer.mapDepth === mapDepthMax) {
      throw new DataFlowerError("DF_SPEC_INVALID", `Cannot add ${name} as maps may be nested ${mapDepthMax} deep: found one deeper`);
    }
    const input = this.#list(list, `${name}.list`);
    const item = this.#writer.openMap({ name, isNameGiven: given !== undefined, input, option: standardOption, after: [], width });
    return createRef(this, this.#writer.closeMap(this.#body(body as (item: unknown, index: unknown) => unknown, item, name)));
  }

  reduce(list: unknown, handler: unknown, options?: unknown): RefTo<unknown> {
    this.#requireOpen("flow.reduce");
    const number = this.handlers.add(handler, "flow.reduce");
    const given = this.#givenName(options);
    const name = given ?? idFrom(nameOf(handler), "reduce");
    const arity = resolveArity(options, name);
    const option = this.#optionOf(options, name, resolveReduceOptions);
    const after = this.#after(options, name);
    const input = this.#list(list, `${name}.list`);
    return createRef(
      this,
      this.#writer.addReduce({ name, isNameGiven: given !== undefined, input, option, after, handler: number, arity }),
    );
  }

  /** Ends the graph with what the builder returned. @returns its topology */
  finish(returned: unknown): SharedArrayBuffer {
    this.#requireOpen("finish");
    this.#writer.finish(this.#template(returned, "result"));
    this.#isOpen = false;
    if (this.#writer.taskCount === 0) {
      throw new DataFlowerError(
        "DF_SPEC_INVALID",
        `Cannot compile workflow ${this.#workflow} as it must have at least one task: found none`,
      );
    }
    return writeTopology(this.#writer, this.#options.strings, this.handlers.handlers.length);
  }

  /** Writes the body of a map. @returns its result */
  #body(body: (item: unknown, index: unknown) => unknown, item: number, name: string): Template {
    try {
      const returned = checkReturned(body(createRef(this, item), createIndexRef(this, item)), `the body of ${name}`);
      return this.#template(returned, `${name}.result`);
    } catch (thrown) {
      this.#failure = { thrown };
      throw thrown;
    }
  }

  #requireOpen(call: string): void {
    if (this.#failure !== undefined) throw this.#failure.thrown;
    if (this.#isOpen) return;
    throw new DataFlowerError(
      "DF_SPEC_INVALID",
      `Cannot call ${call} as the graph of workflow ${this.#workflow} is complete once its builder has returned: found a later call`,
    );
  }

  #givenName(options: unknown): string | undefined {
    const name = (options as { readonly name?: unknown } | null | undefined)?.name; // any value may be asked for a property, null and undefined apart
    return name === undefined ? undefined : requireId(`a task of workflow ${this.#workflow}`, name);
  }

  #optionOf(options: unknown, path: string, resolve: typeof resolveTaskOptions): number {
    if (options === undefined) return standardOption;
    const resolved = resolve(options, this.#defaults, path);
    if (resolved.fallback !== undefined) this.#requireData(resolved.fallback.value, `${path}.fallback`);
    return this.#options.add(resolved);
  }

  #requireData(value: unknown, path: string): void {
    inputTemplate(value, path, (ref) => refuseOption(path, "data", `ref ${refText(ref)}`));
  }

  /** Called after the options have been checked to be an object, or undefined. */
  #after(options: unknown, path: string): readonly number[] {
    const after: unknown = (options as { readonly after?: unknown } | undefined)?.after;
    if (after === undefined) return [];
    if (!Array.isArray(after)) refuseOption(`${path}.after`, "a list of refs", after);
    return after.map((one: unknown, at) => {
      const ref = refState(one);
      if (ref === undefined || ref.isIndex) return refuseOption(`${path}.after[${at}]`, "a ref of a task's output", one);
      this.#locate(ref, `${path}.after[${at}]`);
      return ref.node;
    });
  }

  #list(list: unknown, path: string): Template {
    const ref = refState(list);
    if (Array.isArray(list) || (ref !== undefined && !ref.isIndex)) return this.#template(list, path);
    throw new DataFlowerError("DF_SPEC_INVALID", `Cannot go over ${path} as it must be a list or a ref of one: found ${found(list)}`);
  }

  #template(value: unknown, path: string): Template {
    return inputTemplate(value, path, (ref, at) => {
      const { up, place } = this.#locate(ref, at);
      return ref.isIndex ? { kind: "index", up } : { kind: "ref", up, place, path: ref.path };
    });
  }

  #locate(ref: RefState, path: string): { readonly up: number; readonly place: number } {
    if (ref.owner !== this) this.#refuseRef(ref, path, "refs belong to the builder call that made them", "of another workflow");
    const located = this.#writer.locate(ref.node);
    return (
      located ??
      this.#refuseRef(ref, path, "what the body of a map makes is known inside it only, unless the body returns it", "of such a body")
    );
  }

  #refuseRef(ref: RefState, path: string, rule: string, origin: string): never {
    throw new DataFlowerError("DF_SPEC_INVALID", `Cannot use a ref at ${path} as ${rule}: found ref ${refText(ref)} ${origin}`);
  }
}

const nameOf = (handler: unknown): string => (typeof handler === "function" ? handler.name : "");
