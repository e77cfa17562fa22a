import { DataFlowerError } from "../kernel/errors.js";
import { Mailbox } from "../kernel/mailbox.js";
import { type Assembler, assembler, holdingAssembler } from "./assemble.js";
import { NODE_EXPAND_MAP, NODE_EXPAND_REDUCE, NODE_GATHER, NODE_TASK } from "./graph.js";
import type { LoadedWorkflow } from "./loaded-workflow.js";
import { recallTask } from "./recall-task.js";
import { ReduceShape } from "./reduce-shape.js";
import { RegionShape } from "./region-shape.js";
import { ReadyTask, type Run } from "./run.js";
import type { Scope } from "./scope.js";
import { taskPath } from "./task-path.js";

interface Instance {
  readonly scope: Scope;
  readonly instance: number;
}

/** An expand that was given no list. */
export interface BrokenExpand extends Instance {
  readonly error: DataFlowerError;
}

/**
 * Moves a run forward when something in it has ended: decrements the successors' counters, opens and gathers scopes on the way,
 * and collects what became ready. Whoever ends a task does this, at home and as a guest alike; whoever reaches zero owns the
 * successor. One object serves all runs of a worker; `begin` starts a new collection.
 *
 * A node that is given up ends without an output, and what waits for it, by its data or only for its end, is skipped: it ends too
 * without having been started, and so on. Whoever owns a skipped node ends it, home or guest: nothing is read for that.
 */
export class Advance {
  #run!: Run;
  #now = 0;
  #last: ReadyTask | undefined;
  /**
   * What is ready and needs no task actor: expands, gathers, all that is skipped. Done in a loop, as recursion would go as deep as a
   * graph or a list is long. Bounded by the run's graph and lists.
   */
  readonly #inner = new Mailbox<Instance>(Number.MAX_SAFE_INTEGER);
  #isDraining = false;
  /** Tasks that became ready, linked by `next`. */
  first: ReadyTask | undefined;
  /** Whether the last node of the run has ended. */
  isRunEnded = false;
  /** Guest: expands and gathers that only the run's home can do. */
  forHome: Instance[] = [];
  /** What moves the run forward is not new: what becomes ready by it may have been in progress when the process died. */
  isReplaying = false;
  /** Home: expands that were given no list; what follows from that is for the workflow actor to say. */
  broken: BrokenExpand[] = [];

  begin(run: Run, now: number): void {
    this.#run = run;
    this.#now = now;
    this.first = undefined;
    this.#last = undefined;
    this.isRunEnded = false;
    if (this.forHome.length > 0) this.forHome = [];
  }

  /** Makes an element's first nodes ready. */
  startElement(scope: Scope, element: number): void {
    const base = scope.shape.baseOf(element);
    for (const place of scope.workflow.roots[scope.shape.region] as readonly number[]) this.becomeReady(scope, base + place);
  }

  /**
   * A task has ended for good and its output has been put.
   *
   * @param hasInputs false when it has taken its inputs
   */
  taskEnded(scope: Scope, instance: number, hasInputs: boolean): void {
    if (hasInputs) this.#dropInputs(scope, instance, scope.shape.nodeOf(instance));
    this.#nodeEnded(scope, instance, false);
  }

  /** As `taskEnded`, for a task or an expand that ends without an output. */
  giveUp(scope: Scope, instance: number, hasInputs: boolean): void {
    const node = scope.shape.nodeOf(instance);
    scope.memory.skip(instance);
    if (hasInputs) this.#dropInputs(scope, instance, node);
    this.#endedWithout(scope, instance, node);
  }

  /** All that the instance waited for has ended. */
  becomeReady(scope: Scope, instance: number): void {
    const node = scope.shape.nodeOf(instance);
    if (scope.memory.isSkipped(instance)) this.#next(scope, instance);
    else if (scope.shape.region === -1 || scope.workflow.graph.kind[node] === NODE_TASK) this.#collect(scope, instance, node);
    else if (this.#run.isGuest && this.#run.space.needsHome(scope, instance)) this.forHome.push({ scope, instance });
    else this.#next(scope, instance);
  }

  #next(scope: Scope, instance: number): void {
    this.#inner.offer({ scope, instance });
    if (!this.#isDraining) this.#drain();
  }

  #drain(): void {
    this.#isDraining = true;
    for (let ready = this.#inner.take(); ready !== undefined; ready = this.#inner.take()) {
      const { scope, instance } = ready;
      const node = scope.shape.nodeOf(instance);
      if (scope.memory.isSkipped(instance)) this.#skip(scope, instance, node);
      else if (scope.workflow.graph.kind[node] === NODE_GATHER) this.#gather(scope, instance, node);
      else this.#expand(scope, instance, node);
    }
    this.#isDraining = false;
  }

  #collect(scope: Scope, instance: number, node: number): void {
    const task = new ReadyTask(this.#run, scope, instance, node, this.#now);
    if (this.#run.past !== undefined) {
      recallTask(task);
      task.mustMark = this.isReplaying;
    }
    if (this.#last === undefined) this.first = task;
    else this.#last.next = task;
    this.#last = task;
  }

  #skip(scope: Scope, instance: number, node: number): void {
    this.#dropInputs(scope, instance, node);
    this.#endedWithout(scope, instance, node);
  }

  /** A scope that was never opened has ended, too: its gather is skipped. */
  #endedWithout(scope: Scope, instance: number, node: number): void {
    this.#nodeEnded(scope, instance, true);
    const { kind, partner } = scope.workflow.graph;
    if (scope.shape.region === -1 || !(kind[node] === NODE_EXPAND_MAP || kind[node] === NODE_EXPAND_REDUCE)) return;
    this.#release(scope, scope.shape.baseOf(scope.shape.elementOf(instance)) + (partner[node] as number), true);
  }

  #nodeEnded(scope: Scope, instance: number, isSkipped: boolean): void {
    if (scope.shape.region === -1) this.#releaseReduce(scope, scope.shape as ReduceShape, instance, isSkipped);
    else this.#releaseSuccessors(scope, instance, isSkipped);
    if (scope.shape.width < scope.shape.count && scope.memory.elementEnded(scope.shape.elementOf(instance))) this.#startNextElement(scope);
    if (scope.memory.nodeEnded()) this.#scopeEnded(scope);
  }

  #releaseSuccessors(scope: Scope, instance: number, isSkipped: boolean): void {
    const { graph } = scope.workflow;
    const node = scope.shape.nodeOf(instance);
    const base = scope.shape.baseOf(scope.shape.elementOf(instance));
    const end = graph.successorFirst[node + 1] as number;
    for (let at = graph.successorFirst[node] as number; at < end; at++) {
      this.#release(scope, base + (graph.successor[at] as number), isSkipped);
    }
  }

  /** A reduce whose last call gives nothing has no value to gather. */
  #releaseReduce(scope: Scope, shape: ReduceShape, instance: number, isSkipped: boolean): void {
    const successor = shape.successorOf(instance);
    if (successor >= 0) this.#release(scope, successor, isSkipped);
    else if (isSkipped) scope.parent?.memory.skip(gatherOf(scope, scope.parent));
  }

  #release(scope: Scope, instance: number, isSkipped: boolean): void {
    if (isSkipped) scope.memory.skip(instance);
    if (scope.memory.release(instance)) this.becomeReady(scope, instance);
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
    this.#release(parent, gatherOf(scope, parent), false);
  }

  #expand(scope: Scope, instance: number, node: number): void {
    const { graph } = scope.workflow;
    const element = scope.shape.elementOf(instance);
    // In a shared run the scope may have to be opened elsewhere after all: the list is given up only when it has been opened here.
    const items = this.#run.isShared
      ? holdingAssembler(graph.template(node), placeOf(scope, node))(scope, element, instance)
      : inputAssembler(scope, node)(scope, element, instance);
    if (!Array.isArray(items)) {
      if (this.#run.isGuest) this.forHome.push({ scope, instance });
      else this.broken.push({ scope, instance, error: notAList(scope, instance, items, this.#run.runId) });
      return;
    }
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
    this.#nodeEnded(scope, instance, false);
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
    this.#nodeEnded(scope, instance, false);
  }

  #dropInputs(scope: Scope, instance: number, node: number): void {
    if (scope.shape.region !== -1) {
      this.#dropProducers(scope, node, scope.shape.baseOf(scope.shape.elementOf(instance)));
      return;
    }
    const { from, to } = (scope.shape as ReduceShape).inputsOf(instance);
    for (let input = from; input < to; input++) scope.memory.drop(input);
  }

  #dropProducers(scope: Scope, node: number, base: number): void {
    const { graph } = scope.workflow;
    for (let at = graph.producerFirst[node] as number; at < (graph.producerFirst[node + 1] as number); at++) {
      scope.memory.drop(base + (graph.producer[at] as number));
    }
  }

  /** An element whose result reads an output that there is not is left out. */
  #gatherElements(child: Scope): unknown[] {
    const { shape, workflow } = child;
    const result = resultAssembler(workflow, shape.region);
    const producers = workflow.graph.resultProducers(shape.region);
    const list: unknown[] = [];
    for (let element = 0; element < shape.count; element++) {
      if (lacksResult(child, element, producers)) dropResult(child, element, producers);
      else list.push(result(child, element, shape.baseOf(element)));
    }
    return list;
  }
}

/** Whether the result of an element reads an output that there is not. */
export function lacksResult({ shape, memory }: Scope, element: number, producers: Int32Array): boolean {
  const base = shape.baseOf(element);
  for (const place of producers) if (memory.isSkipped(base + place)) return true;
  return false;
}

/** Gives up the holds of an element's result. */
export function dropResult({ shape, memory }: Scope, element: number, producers: Int32Array): void {
  const base = shape.baseOf(element);
  for (const place of producers) memory.drop(base + place);
}

/** Whether attempts of the task read their inputs and hold on, as it may be repeated. Else an attempt takes them when it starts. */
export function holdsInputs(workflow: LoadedWorkflow, node: number): boolean {
  return workflow.isRepeatable(node);
}

function gatherOf(scope: Scope, parent: Scope): number {
  return parent.shape.baseOf(scope.parentElement) + (scope.workflow.graph.partner[parent.shape.nodeOf(scope.at)] as number);
}

/** What puts the input of a node together; made on first use, for all nodes that have the same template. */
export function inputAssembler(scope: Scope, node: number): Assembler {
  const { workflow } = scope;
  const { graph } = workflow;
  const isHolding = graph.kind[node] === NODE_TASK && holdsInputs(workflow, node);
  const key = 2 * ((graph.templateString[node] as number) + 1) + (isHolding ? 1 : 0);
  let made = workflow.assemblers[key];
  if (made === undefined) {
    made = (isHolding ? holdingAssembler : assembler)(graph.template(node), placeOf(scope, node));
    workflow.assemblers[key] = made;
  }
  return made;
}

/** Place of a node in the region of its scope, which is not that of a reduce. */
function placeOf({ shape, workflow }: Scope, node: number): number {
  return node - (workflow.graph.first[shape.region] as number);
}

/** What puts the result of a region together; made on first use. */
export function resultAssembler(workflow: LoadedWorkflow, region: number): Assembler {
  let made = workflow.resultAssemblers[region];
  if (made === undefined) {
    made = assembler(workflow.graph.result(region), 0);
    workflow.resultAssemblers[region] = made;
  }
  return made;
}

/** The input of a task, owned by the caller. It is taken where there is one attempt, and read where there may be more. */
export function taskInput(scope: Scope, instance: number, node: number): unknown {
  if (scope.shape.region !== -1) return inputAssembler(scope, node)(scope, scope.shape.elementOf(instance), instance);
  const { from, to } = (scope.shape as ReduceShape).inputsOf(instance);
  const isHolding = holdsInputs(scope.workflow, node);
  return Array.from({ length: to - from }, (_, index) =>
    isHolding ? scope.memory.read(from + index, []) : scope.memory.take(from + index, []),
  );
}

function notAList(scope: Scope, instance: number, found: unknown, runId: string): DataFlowerError {
  const task = taskPath(scope, instance);
  const what = found === null ? "null" : typeof found;
  const message = `Cannot open ${task} as flow.map and flow.reduce need a list: found ${what}`;
  return new DataFlowerError("DF_TASK_FAILED", message, { task, runId });
}
