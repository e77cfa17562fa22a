import { Fifo } from "../../schedulers/fifo.js";
import type { Policy } from "../../schedulers/policy.js";
import type { Refusable } from "../scheduling/refusable.js";
import type { Assembler } from "./assemble.js";
import { type Graph, NODE_PARAM } from "./graph.js";
import { remainingPaths } from "./remaining-path.js";

const movingAverageWeight = 1 / 8;
/** An async handler whose first call returns later than this is slow, in ms. */
export const blockingMs = 1;
/** So many slow calls in a row make a handler count as blocking; one quick call ends it. */
export const blockingCalls = 3;

/** "stop": the run fails at once. "continue": what does not depend on the task still runs, and the run fails then. */
export type WhenTaskFails = "stop" | "continue";

/** Makes the ready set of one run: an empty policy. */
export type MakeReady = <Task extends Refusable>() => Policy<Task>;

export interface LoadedWorkflowParts {
  readonly id: number;
  readonly name: string;
  readonly graph: Graph;
  readonly handlers: readonly unknown[];
  /** @defaultValue "stop" */
  readonly whenTaskFails?: WhenTaskFails;
  /** The order of the tasks within a run. @defaultValue fifo */
  readonly makeReady?: MakeReady;
  /** By node: the size of a task's input, where that is known beforehand. */
  readonly knownInputBytes?: Float64Array | undefined;
  /** Another one whose tasks differ from these in nothing but priority, estimate, sizes and reservations: both learn from the runs of either. @defaultValue none */
  readonly twin?: LoadedWorkflow | undefined;
}

const makeFifo: MakeReady = () => new Fifo();

/** A workflow as one worker holds it: its graph, its handlers, and what has been learnt about its tasks. */
export class LoadedWorkflow {
  /** Number by which all threads of an engine know it. */
  readonly id: number;
  readonly name: string;
  readonly graph: Graph;
  readonly handlers: readonly unknown[];
  /** What the last failed attempt of a task means for the rest of its run. */
  readonly whenTaskFails: WhenTaskFails;
  readonly makeReady: MakeReady;
  /** By node: the size of a task's input, where that is known beforehand. */
  readonly knownInputBytes: Float64Array | undefined;
  /** By template and whether the reader holds on to what it reads (see inputAssembler): how inputs are put together; made on first use. */
  readonly assemblers: (Assembler | undefined)[];
  /** How each region's result is put together. */
  readonly resultAssemblers: (Assembler | undefined)[];
  /** Places of each region that wait for nothing, in order. */
  readonly roots: readonly (readonly number[])[];
  /** By handler: how many of its newest calls, one after another, held their thread before they gave a promise. */
  readonly #slowCalls: Int32Array;
  readonly #averageMs: Float64Array;
  /** Moving average of the run times of all tasks, in ms; NaN until one has run here. */
  #anyMs = Number.NaN;
  /** By node: 0 not looked up yet, 1 no, 2 yes. Asked at every end of a task. */
  readonly #isRepeatable: Uint8Array;
  /** As `#isRepeatable`, but made on first use. Asked at every start of a task. */
  #isReserving: Uint8Array | undefined;
  /** As `#isReserving`. */
  #isOnce: Uint8Array | undefined;
  /** As `#isReserving`. */
  #isInProcess: Uint8Array | undefined;
  #remainingPaths: Float64Array | undefined;

  constructor(parts: LoadedWorkflowParts) {
    const { graph, handlers, twin } = parts;
    this.id = parts.id;
    this.name = parts.name;
    this.whenTaskFails = parts.whenTaskFails ?? "stop";
    this.makeReady = parts.makeReady ?? makeFifo;
    this.knownInputBytes = parts.knownInputBytes;
    this.graph = graph;
    this.handlers = handlers;
    this.assemblers = twin?.assemblers ?? new Array(2 * (graph.stringCount + 1)).fill(undefined);
    this.resultAssemblers = twin?.resultAssemblers ?? [];
    this.roots = twin?.roots ?? Array.from({ length: graph.regionCount }, (_, region) => rootsOf(graph, region));
    this.#slowCalls = twin === undefined ? new Int32Array(handlers.length) : twin.#slowCalls;
    this.#isRepeatable = twin === undefined ? new Uint8Array(graph.nodeCount) : twin.#isRepeatable;
    this.#averageMs = twin === undefined ? new Float64Array(graph.nodeCount).fill(Number.NaN) : twin.#averageMs;
  }

  /** Whether a task may have more than one attempt. */
  isRepeatable(node: number): boolean {
    if (this.#isRepeatable[node] === 0) this.#isRepeatable[node] = this.graph.options(node).attempts > 1 ? 2 : 1;
    return this.#isRepeatable[node] === 2;
  }

  /** Whether a task reserves cores or memory while an attempt of it executes. */
  isReserving(node: number): boolean {
    this.#isReserving ??= new Uint8Array(this.graph.nodeCount);
    if (this.#isReserving[node] === 0) {
      const { cpus, memoryBytes } = this.graph.options(node);
      this.#isReserving[node] = (cpus ?? 0) > 0 || memoryBytes !== undefined ? 2 : 1;
    }
    return this.#isReserving[node] === 2;
  }

  /** Whether an attempt of a task that was interrupted is not repeated. */
  isOnce(node: number): boolean {
    this.#isOnce ??= new Uint8Array(this.graph.nodeCount);
    if (this.#isOnce[node] === 0) this.#isOnce[node] = this.graph.options(node).delivery === "at-most-once" ? 2 : 1;
    return this.#isOnce[node] === 2;
  }

  /** Whether a task's attempts execute in a process of their own. */
  isInProcess(node: number): boolean {
    this.#isInProcess ??= new Uint8Array(this.graph.nodeCount);
    if (this.#isInProcess[node] === 0) this.#isInProcess[node] = this.graph.options(node).executor === "process" ? 2 : 1;
    return this.#isInProcess[node] === 2;
  }

  /** See TaskFacts. Worked out for all tasks when it is first asked for. */
  remainingPathMs(node: number): number {
    this.#remainingPaths ??= remainingPaths(this.graph);
    return this.#remainingPaths[node] as number;
  }

  /** Moving average of a task's run time in ms; NaN until it has run here. */
  averageMs(node: number): number {
    return this.#averageMs[node] as number;
  }

  /** Learns from one call that gave a promise, by how long it took to give it. */
  observeCall(handler: number, returnedAfterMs: number): void {
    this.#slowCalls[handler] = returnedAfterMs > blockingMs ? (this.#slowCalls[handler] as number) + 1 : 0;
  }

  /** Whether a handler that gives promises holds its thread first: several calls in a row were slow, so it is not merely cold. */
  isBlocking(handler: number): boolean {
    return (this.#slowCalls[handler] as number) >= blockingCalls;
  }

  /** How many times as long as other tasks one will probably take, by its estimate or else by its average; 0: nobody knows. */
  relativeLength(node: number): number {
    const average = this.averageMs(node);
    const expected = average >= 0 ? average : (this.graph.options(node).estimateMs ?? 0);
    return this.#anyMs > 0 ? expected / this.#anyMs : 0;
  }

  /** Learns from one execution. */
  observe(node: number, serviceMs: number): void {
    this.#anyMs = this.#anyMs >= 0 ? this.#anyMs + (serviceMs - this.#anyMs) * movingAverageWeight : serviceMs;
    const average = this.#averageMs[node] as number;
    this.#averageMs[node] = average >= 0 ? average + (serviceMs - average) * movingAverageWeight : serviceMs;
  }
}

function rootsOf(graph: Graph, region: number): readonly number[] {
  const first = graph.first[region] as number;
  const count = (graph.first[region + 1] as number) - first;
  const roots: number[] = [];
  for (let place = 0; place < count; place++) {
    if (graph.kind[first + place] !== NODE_PARAM && graph.missing[first + place] === 0) roots.push(place);
  }
  return roots;
}
