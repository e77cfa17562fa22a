import { assert } from "../../actors/kernel/assert.js";
import { copyValue } from "../../actors/kernel/value.js";
import { NODE_GATHER, type Template } from "../../actors/workflow/graph.js";
import { localSpace } from "../../actors/workflow/local-space.js";
import { ReduceShape } from "../../actors/workflow/reduce-shape.js";
import { RegionShape } from "../../actors/workflow/region-shape.js";
import type { Run } from "../../actors/workflow/run.js";
import { Scope, type ScopeShape, type ScopeSpace } from "../../actors/workflow/scope.js";
import { decodeValue } from "../codec/value-codec.js";
import type { Blobs } from "./blobs.js";
import { readDouble, writeDouble } from "./double-words.js";
import { AT_HOME, NOTHING, offsetOf } from "./handle.js";
import type { Payloads } from "./payloads.js";
import { AT, COUNT, HEADER_WORDS, NEXT, NODE, NODES_LEFT, PARENT, planBlock, REGION, STATISTICS_WORDS, WIDTH } from "./scope-block.js";
import { type MemorySpace, SharedMemory } from "./shared-memory.js";

export interface SharedSpaceParts {
  readonly worker: number;
  readonly workers: number;
  readonly payloads: Payloads;
  readonly blobs: Blobs;
}

/**
 * The scopes of a shared run, as one worker sees them.
 *
 * What finds no room in the payload arenas stays in the heap of the run's home: its handle is AT_HOME, a flag in the outermost
 * block says that there are such values, and a guest that would have to read one gives the task back to the home instead.
 */
export class SharedSpace implements ScopeSpace, MemorySpace {
  readonly run: Run;
  readonly workers: number;
  readonly payloads: Payloads;
  readonly #parts: SharedSpaceParts;
  readonly #scopes = new Map<number, Scope>();
  /** At home only: values and scopes that are AT_HOME, by handle of the scope and instance. */
  readonly #kept = new Map<string, unknown>();
  #root: number = NOTHING;

  constructor(run: Run, parts: SharedSpaceParts) {
    this.run = run;
    this.workers = parts.workers;
    this.payloads = parts.payloads;
    this.#parts = parts;
  }

  /** Handle of the outermost scope. */
  get root(): number {
    return this.#root;
  }

  open(parent: Scope, at: number, shape: ScopeShape, items: readonly unknown[]): Scope | undefined {
    const outer = parent.memory;
    const memory = outer instanceof SharedMemory ? this.allocate(shape, outer.handle, at) : undefined;
    if (memory === undefined) return this.run.isGuest ? undefined : localSpace.open(parent, at, shape, items);
    const scope = new Scope(parent.workflow, shape, parent, at, memory);
    this.adopt(memory.handle, scope);
    for (let element = 0; element < items.length; element++) {
      memory.putOwned(shape.region === -1 ? element : shape.baseOf(element), items[element]);
    }
    outer.setChild(at, scope);
    return scope;
  }

  needsHome(scope: Scope, instance: number): boolean {
    if (this.#ints(this.#root)[this.#word(this.#root, NODE)] === 0) return false;
    const node = scope.shape.nodeOf(instance);
    if (scope.shape.region === -1) {
      const { from, to } = (scope.shape as ReduceShape).inputsOf(instance);
      for (let input = from; input < to; input++) if (isAtHome(scope, input)) return true;
      return false;
    }
    const { graph } = scope.workflow;
    const element = scope.shape.elementOf(instance);
    if (graph.kind[node] !== NODE_GATHER) return readsHome(graph.template(node), scope, element);
    const expand = scope.shape.baseOf(element) + (graph.partner[node] as number);
    if (isAtHome(scope, expand)) return true;
    const child = scope.memory.child(expand);
    if (child.shape.region === -1) return isAtHome(child, (child.shape as ReduceShape).root);
    const result = graph.result(child.shape.region);
    for (let position = 0; position < child.shape.count; position++) if (readsHome(result, child, position)) return true;
    return false;
  }

  /** Opens the outermost block of a run that becomes shared; undefined when there is no room. */
  openRoot(shape: ScopeShape): SharedMemory | undefined {
    const memory = this.allocate(shape, NOTHING, 0);
    if (memory !== undefined) this.#root = memory.handle;
    return memory;
  }

  /** Makes the run's outermost scope, opened by its home, known here. */
  attachRoot(handle: number): Scope {
    this.#root = handle;
    const known = this.#scopes.get(handle);
    return known ?? this.#attach(handle, undefined, -1);
  }

  /** A block for a scope with its counters set; undefined when there is no room. */
  allocate(shape: ScopeShape, parent: number, at: number): SharedMemory | undefined {
    const isOutermost = parent === NOTHING;
    const layout = planBlock(shape, isOutermost ? this.workers : 0);
    const handle = this.payloads.keepWords(layout.words, this.run.slot);
    if (handle === NOTHING) return undefined;
    const ints = this.#ints(handle);
    const block = offsetOf(handle) >> 2;
    ints[block + REGION] = shape.region;
    ints[block + COUNT] = shape.count;
    ints[block + WIDTH] = Math.min(shape.width, 0x7fffffff);
    ints[block + NODES_LEFT] = shape.nodes;
    ints[block + NEXT] = Math.min(shape.width, shape.count);
    ints[block + PARENT] = parent;
    ints[block + AT] = at;
    ints[block + NODE] = shape.region === -1 ? shape.nodeOf(0) : 0;
    for (let instance = 0; instance < shape.instances; instance++) {
      ints[block + layout.missing + instance] = shape.missingOf(instance);
      ints[block + layout.holds + instance] = shape.readersOf(instance);
    }
    if (shape.width < shape.count) ints.fill(shape.nodesPerElement, block + layout.elements, block + layout.elements + shape.count);
    return new SharedMemory(this, handle, shape, isOutermost);
  }

  adopt(handle: number, scope: Scope): void {
    this.#scopes.set(handle, scope);
  }

  /** The scope that a block holds, or one kept at home by its expand. */
  scopeAt(handle: number, parent: number, expand: number): Scope {
    if (handle === AT_HOME) return this.#kept.get(keyOf(parent, expand)) as Scope; // setChild put it there
    const known = this.#scopes.get(handle);
    if (known !== undefined) return known;
    const ints = this.#ints(handle);
    const outer = ints[this.#word(handle, PARENT)] as number;
    const at = ints[this.#word(handle, AT)] as number;
    return outer === NOTHING ? this.#attach(handle, undefined, -1) : this.#attach(handle, this.scopeAt(outer, NOTHING, 0), at);
  }

  /** What a parent's block stores for a child scope. */
  handleOfScope(scope: Scope, parent: number, expand: number): number {
    if (scope.memory instanceof SharedMemory) return scope.memory.handle;
    this.#markHomeValues();
    this.#kept.set(keyOf(parent, expand), scope);
    return AT_HOME;
  }

  /** Keeps a value that found no room at home; a guest sends it there, before anybody can look for it. */
  leaveAtHome(scope: number, instance: number, value: unknown, bytes: Uint8Array): void {
    this.#markHomeValues();
    const { run } = this;
    if (!run.isGuest) this.#kept.set(keyOf(scope, instance), copyValue(value));
    else this.#parts.blobs.post(run.home, { slot: run.slot, epoch: run.epoch, scope, instance }, bytes);
  }

  /** Home: a value that a guest has sent. */
  receive(scope: number, instance: number, bytes: Uint8Array): void {
    this.#kept.set(keyOf(scope, instance), decodeValue(bytes));
  }

  fromHome(scope: number, instance: number): unknown {
    const key = keyOf(scope, instance);
    if (!this.#kept.has(key)) this.#parts.blobs.drain();
    assert(this.#kept.has(key), "a value that is kept at home was posted before anybody could look for it");
    return copyValue(this.#kept.get(key));
  }

  /** Home: a kept value has no readers left. A guest that gives up the last hold has nothing to forget; the home keeps it until the run ends. */
  forget(scope: number, instance: number): void {
    this.#kept.delete(keyOf(scope, instance));
  }

  noteWork(): void {
    const at = this.#word(this.#root, HEADER_WORDS + this.#parts.worker * STATISTICS_WORDS);
    const ints = this.#ints(this.#root);
    ints[at] = this.run.tasks;
    writeDouble(ints, at + 1, this.run.workMs);
  }

  /** Tasks and work of one worker. */
  statisticsOf(worker: number): { tasks: number; workMs: number } {
    const at = this.#word(this.#root, HEADER_WORDS + worker * STATISTICS_WORDS);
    const ints = this.#ints(this.#root);
    return { tasks: ints[at] as number, workMs: readDouble(ints, at + 1) };
  }

  /** Home: gives back every block of the run. Only when no other worker can be using it: stale epoch and no users. */
  free(): void {
    if (this.#root !== NOTHING) this.#freeScope(this.scopeAt(this.#root, NOTHING, 0));
    this.#root = NOTHING;
    this.#scopes.clear();
    this.#kept.clear();
  }

  #freeScope(scope: Scope): void {
    const { memory, shape, workflow } = scope;
    if (!(memory instanceof SharedMemory)) return;
    for (let instance = 0; instance < shape.instances; instance++) {
      const output = memory.outputOf(instance);
      if (output === NOTHING) continue;
      const isScope =
        shape.region !== -1 &&
        workflow.graph.partner[shape.nodeOf(instance)] !== -1 &&
        workflow.graph.kind[shape.nodeOf(instance)] !== NODE_GATHER;
      if (isScope) this.#freeScope(this.scopeAt(output, memory.handle, instance));
      else if (output !== AT_HOME) this.payloads.free(output);
    }
    this.payloads.free(memory.handle);
  }

  #attach(handle: number, parent: Scope | undefined, at: number): Scope {
    const ints = this.#ints(handle);
    const region = ints[this.#word(handle, REGION)] as number;
    const count = ints[this.#word(handle, COUNT)] as number;
    const { workflow } = this.run;
    const node = ints[this.#word(handle, NODE)] as number;
    const shape =
      region === -1
        ? new ReduceShape(node, count, workflow.graph.extra[node] as number)
        : new RegionShape(workflow.graph, region, count, ints[this.#word(handle, WIDTH)] as number);
    const scope = new Scope(workflow, shape, parent, at, new SharedMemory(this, handle, shape, parent === undefined));
    this.#scopes.set(handle, scope);
    return scope;
  }

  /** Stored before the value's handle, so whoever finds AT_HOME finds the flag set. */
  #markHomeValues(): void {
    Atomics.store(this.#ints(this.#root), this.#word(this.#root, NODE), 1);
  }

  #ints(handle: number): Int32Array {
    return this.payloads.ints(handle);
  }

  #word(handle: number, word: number): number {
    return (offsetOf(handle) >> 2) + word;
  }
}

function keyOf(scope: number, instance: number): string {
  return `${scope}:${instance}`;
}

function isAtHome(scope: Scope, instance: number): boolean {
  return !(scope.memory instanceof SharedMemory) || scope.memory.outputOf(instance) === AT_HOME;
}

function readsHome(template: Template, scope: Scope, element: number): boolean {
  switch (template.kind) {
    case "constant":
    case "index":
      return false;
    case "list":
      return template.items.some((item) => readsHome(item, scope, element));
    case "object":
      return template.values.some((value) => readsHome(value, scope, element));
    case "ref": {
      let outer = scope;
      let position = element;
      for (let step = 0; step < template.up; step++) {
        position = outer.parentElement;
        outer = outer.parent as Scope; // a template never reaches further out than the run's own scope
      }
      return isAtHome(outer, outer.shape.baseOf(position) + template.place);
    }
  }
}
