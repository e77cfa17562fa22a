import type { LoadedWorkflow } from "./loaded-workflow.js";

/**
 * Counters and outputs of one scope. The one port that differs between a run on its home alone (plain arrays) and a run that
 * several workers share (Atomics and payload arenas). Instances are positions in the scope; values handed in or out are always
 * the caller's own: never shared with another task.
 */
export interface ScopeMemory {
  /** One of the ends that the instance waits for has happened; true when it was the last one. */
  release(instance: number): boolean;
  /** The instance is not to be executed. Said before the end that brings it about is released, so that whoever is last sees it. */
  skip(instance: number): void;
  /** Whether the instance ends, or has ended, without being executed or without an output. */
  isSkipped(instance: number): boolean;
  /** Keeps an output for its readers: a copy is taken, and checked to be data within the size. Without readers it is only checked. */
  put(instance: number, value: unknown, sizeMax: number): void;
  /** As `put`, for a value that is data already and that nobody else holds. */
  putOwned(instance: number, value: unknown): void;
  /** A reader's own copy of what `path` names in the output, giving up its hold; the last reader gets the kept value itself. */
  take(instance: number, path: Path): unknown;
  /** A copy, holding on. */
  read(instance: number, path: Path): unknown;
  /** The output that is kept, to be looked at only; undefined where nobody reads it. */
  kept(instance: number): unknown;
  /** Size of an output that is kept, in bytes: encoded, or about as much. 0 where there is none. */
  bytes(instance: number): number;
  /** Gives up a hold without reading. */
  drop(instance: number): void;
  /** A node of this scope has ended; true when it was the last one. */
  nodeEnded(): boolean;
  /** A node of this element has ended; true when it was the element's last one. Only for scopes that limit their elements. */
  elementEnded(element: number): boolean;
  /** The next element that may start; the count of elements or more when all have. */
  nextElement(): number;
  /** The scope that an expand of this scope has opened. */
  child(expand: number): Scope;
  setChild(expand: number, scope: Scope): void;
}

/** Set in the counter of the ends that an instance waits for once it is not to be executed. No graph has so many edges. */
export const skippedBit = 1 << 30;
export const missingMask = skippedBit - 1;

export type Path = readonly (string | number)[];

/** One opening of a region (or of a reduce) for a list of elements; the run itself is the opening of region 0 for one element. */
export class Scope {
  readonly workflow: LoadedWorkflow;
  readonly shape: ScopeShape;
  readonly parent: Scope | undefined;
  /** The expand in the parent that opened this scope; -1 for a run's outermost scope. */
  readonly at: number;
  /** Swapped once, when the run is shared. */
  memory: ScopeMemory;

  constructor(workflow: LoadedWorkflow, shape: ScopeShape, parent: Scope | undefined, at: number, memory: ScopeMemory) {
    this.workflow = workflow;
    this.shape = shape;
    this.parent = parent;
    this.at = at;
    this.memory = memory;
  }

  /** Position of the element that the scope's expand belongs to, in the parent. */
  get parentElement(): number {
    return this.parent === undefined ? 0 : this.parent.shape.elementOf(this.at);
  }
}

/** Which instances a scope has and what they are. */
export interface ScopeShape {
  /** The region, or -1 for a reduce. */
  readonly region: number;
  /** Elements of the list. */
  readonly count: number;
  /** Instances, params included. */
  readonly instances: number;
  /** Nodes that have to end before the scope ends. */
  readonly nodes: number;
  /** Elements in progress at a time; `count` or more means no limit. */
  readonly width: number;
  /** Nodes that have to end before an element ends. */
  readonly nodesPerElement: number;
  /** Global node that says what the instance is. */
  nodeOf(instance: number): number;
  elementOf(instance: number): number;
  /** First instance of an element: its param. */
  baseOf(element: number): number;
  missingOf(instance: number): number;
  readersOf(instance: number): number;
}

/** Where the scopes of a run live: in the heap of its home, or in shared memory. */
export interface ScopeSpace {
  /**
   * Opens a scope for the items of a list.
   *
   * @returns undefined when this worker has no room for it and the run's home has to do it
   */
  open(parent: Scope, at: number, shape: ScopeShape, items: readonly unknown[]): Scope | undefined;
  /** True when the outputs that the instance reads cannot be read here, but only at the run's home. */
  needsHome(scope: Scope, instance: number): boolean;
  /** The run's `tasks` and `workMs` have changed. Called before the end of the task counts, so that whoever ends the run sees it. */
  noteWork(): void;
}
