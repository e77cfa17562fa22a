import { DataFlowerError } from "../kernel/errors.js";
import { Mailbox } from "../kernel/mailbox.js";
import { type Assembler, assembler, holdingAssembler } from "./assemble.js";
import { NODE_EXPAND_MAP, NODE_EXPAND_REDUCE, NODE_GATHER, NODE_TASK } from "./graph.js";
import type { LoadedWorkflow } from "./loaded-workflow.js";
import { ReduceShape } from "./reduce-shape.js";
import { RegionShape } from "./region-shape.js";
import { ReadyTask, type Run } from "./run.js";
import type { Scope } from "./scope.js";
import { taskPath } from "./task-path.js";

interface Instance {
  readonly scope: Scope;
  readonly instance: number;
}

/** Bounded by the run's graph and lists. */
const innerQueue = () => new Mailbox<Instance>(Number.MAX_SAFE_INTEGER);

/**
 * Moves a run forward when something in it has ended: decrements the successors' counters, opens and gathers scopes on the way,
 * and collects what became ready. Whoever ends a task does this, at home and as a guest alike; whoever reaches zero owns the
 * successor. One object serves all runs of a worker; `begin` starts a new collection.
 */
export class Advance {
  #run!: Run;
  #now = 0;
  #last: ReadyTask | undefined;
  /** Expands and gathers that are ready: done in a loop, as recursion would go as deep as a graph or a list is long. */
  #inner = innerQueue();
  #isDraining = false;
  /** Tasks that became ready, linked by `next`. */
  first: ReadyTask | undefined;
  /** Whether the last node of the run has ended. */
  isRunEnded = false;
  /** Expands and gathers that only the run's home can do. */
  forHome: Instance[] = [];

  begin(run: Run, now: number): void {
    this.#run = run;
    this.#now = now;
    this.first = undefined;
    this.#last = undefined;
    this.isRunEnded = false;
    if (this.forHome.length > 0) this.forHome = [];
    if (this.#isDraining) this.#recover();
  }

  /** The last collection was broken off by an error. */
  #recover(): void {
    this.#inner = innerQueue();
    this.#isDraining = false;
  }

  /** Makes an element's first nodes ready. */
  startElement(scope: Scope, element: number): void {
    const base = scope.shape.baseOf(element);
    for (const place of scope.workflow.roots[scope.shape.region] as readonly number[]) this.becomeReady(scope, base + place);
  }

  /** A node has ended and its output has been put. */
  nodeEnded(scope: Scope, instance: number): void {
    if (scope.shape.region === -1) this.#releaseReduce(scope, scope.shape as ReduceShape, instance);
    else this.#releaseSuccessors(scope, instance);
    if (scope.shape.width < scope.shape.count && scope.memory.elementEnded(scope.shape.elementOf(instance))) this.#startNextElement(scope);
    if (scope.memory.nodeEnded()) this.#scopeEnded(scope);
  }

  /** All that the instance waited for has ended. */
  becomeReady(scope: Scope, instance: number): void {
    const node = scope.shape.nodeOf(instance);
    if (scope.shape.region === -1 || scope.workflow.graph.kind[node] === NODE_TASK) this.#collect(scope, instance, node);
    else if (this.#run.isGuest && this.#run.space.needsHome(scope, instance)) this.forHome.push({ scope, instance });
    else {
      this.#inner.offer({ scope, instance });
      if (!this.#isDraining) this.#drain();
    }
  }

  #drain(): void {
    this.#isDraining = true;
    for (let ready = this.#inner.take(); ready !== undefined; ready = this.#inner.take()) {
      const { scope, instance } = ready;
      const node = scope.shape.nodeOf(instance);
      if (scope.workflow.graph.kind[node] === NODE_GATHER) this.#gather(scope, instance, node);
      else this.#expand(scope, instance, node);
    }
    this.#isDraining = false;
  }

  #collect(scope: Scope, instance: number, node: number): void {
    const task = new ReadyTask(this.#run, scope, instance, node, this.#now);
    if (this.#last === undefined) this.first = task;
    else this.#last.next = task;
    this.#last = task;
  }

  #releaseSuccessors(scope: Scope, instance: number): void {
    const { graph } = scope.workflow;
    const { shape, memory } = scope;
    const node = shape.nodeOf(instance);
    const base = shape.baseOf(shape.elementOf(instance));
    const end = graph.successorFirst[node + 1] as number;
    for (let at = graph.successorFirst[node] as number; at < end; at++) {
      const successor = base + (graph.successor[at] as number);
      if (memory.release(successor)) this.becomeReady(scope, successor);
    }
  }

  #releaseReduce(scope: Scope, shape: ReduceShape, instance: number): void {
    const successor = shape.successorOf(instance);
    if (successor >= 0 && scope.memory.release(successor)) this.becomeReady(scope, successor);
  }

  #startNextElement(scope: Scope): void {
    const element = scope.memory.nextElement();
    if (element < scope.shape.count) this.startElement(scope, element);
  }

  #scopeEnded(scope: Scope): void {
    const { parent } = scope;
    if (parent === undefined) {
      this.isRunEnded = true;
      return;
    }
    const gather = parent.shape.baseOf(scope.parentElement) + (scope.workflow.graph.partner[parent.shape.nodeOf(scope.at)] as number);
    if (parent.memory.release(gather)) this.becomeReady(parent, gather);
  }

  #expand(scope: Scope, instance: number, node: number): void {
    const { graph } = scope.workflow;
    const element = scope.shape.elementOf(instance);
    // In a shared run the scope may have to be opened elsewhere after all: the list is given up only when it has been opened here.
    const items = this.#run.isShared
      ? holdingAssembler(graph.template(node))(scope, element)
      : inputAssembler(scope.workflow, node)(scope, element);
    if (!Array.isArray(items)) throw notAList(scope, instance, items);
    const extra = graph.extra[node] as number;
    const shape =
      graph.kind[node] === NODE_EXPAND_MAP
        ? new RegionShape(graph, extra, items.length, graph.width[node] as number)
        : new ReduceShape(node, items.length, extra);
    const opened = this.#run.space.open(scope, instance, shape, items);
    if (opened === undefined) {
      this.forHome.push({ scope, instance });
      return;
    }
    if (this.#run.isShared) this.#dropProducers(scope, node, scope.shape.baseOf(element));
    this.#startScope(opened);
    this.nodeEnded(scope, instance);
    if (shape.nodes === 0) this.#scopeEnded(opened);
  }

  #startScope(scope: Scope): void {
    if (scope.shape.region === -1) {
      const { from, to } = (scope.shape as ReduceShape).roots;
      for (let instance = from; instance < to; instance++) this.becomeReady(scope, instance);
      return;
    }
    const count = Math.min(scope.shape.count, scope.shape.width);
    for (let element = 0; element < count; element++) this.startElement(scope, element);
  }

  #gather(scope: Scope, instance: number, node: number): void {
    const { graph } = scope.workflow;
    const base = scope.shape.baseOf(scope.shape.elementOf(instance));
    const expand = graph.partner[node] as number;
    const child = scope.memory.child(base + expand);
    const output =
      graph.kind[scope.shape.nodeOf(base + expand)] === NODE_EXPAND_REDUCE
        ? child.memory.take((child.shape as ReduceShape).root, [])
        : this.#gatherElements(child);
    this.#dropProducers(scope, node, base);
    scope.memory.putOwned(instance, output);
    this.nodeEnded(scope, instance);
  }

  #dropProducers(scope: Scope, node: number, base: number): void {
    const { graph } = scope.workflow;
    for (let at = graph.producerFirst[node] as number; at < (graph.producerFirst[node + 1] as number); at++) {
      scope.memory.drop(base + (graph.producer[at] as number));
    }
  }

  #gatherElements(child: Scope): unknown[] {
    const result = resultAssembler(child.workflow, child.shape.region);
    const list = new Array<unknown>(child.shape.count);
    for (let element = 0; element < list.length; element++) list[element] = result(child, element);
    return list;
  }
}

/** What puts the input of a node together; made on first use. */
export function inputAssembler(workflow: LoadedWorkflow, node: number): Assembler {
  let made = workflow.assemblers[node];
  if (made === undefined) {
    made = assembler(workflow.graph.template(node));
    workflow.assemblers[node] = made;
  }
  return made;
}

/** What puts the result of a region together; made on first use. */
export function resultAssembler(workflow: LoadedWorkflow, region: number): Assembler {
  let made = workflow.resultAssemblers[region];
  if (made === undefined) {
    made = assembler(workflow.graph.result(region));
    workflow.resultAssemblers[region] = made;
  }
  return made;
}

/** The input of a task, owned by the caller. */
export function taskInput(scope: Scope, instance: number, node: number): unknown {
  if (scope.shape.region !== -1) return inputAssembler(scope.workflow, node)(scope, scope.shape.elementOf(instance));
  const { from, to } = (scope.shape as ReduceShape).inputsOf(instance);
  return Array.from({ length: to - from }, (_, index) => scope.memory.take(from + index, []));
}

function notAList(scope: Scope, instance: number, found: unknown): DataFlowerError {
  const task = taskPath(scope, instance);
  const what = found === null ? "null" : typeof found;
  return new DataFlowerError("DF_TASK_FAILED", `Cannot open ${task} as flow.map and flow.reduce need a list: found ${what}`, { task });
}
