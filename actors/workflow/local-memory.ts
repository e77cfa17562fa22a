import { checkValue, copyCanonical, copyValue, isNewestCopyFlat, valueSize } from "../kernel/value.js";
import { pick } from "./pick.js";
import { missingMask, type Path, Scope, type ScopeMemory, type ScopeShape, skippedBit } from "./scope.js";

/** Counters and outputs of a scope in the heap of its home: plain arrays, no atomics, values as they are. */
export class LocalMemory implements ScopeMemory {
  readonly #shape: ScopeShape;
  readonly #missing: number[];
  readonly #holds: number[];
  readonly #outputs: unknown[];
  /** Outputs that are plain objects without other objects in them: a spread copies them. */
  readonly #isFlat: boolean[];
  readonly #elementNodesLeft: number[] | undefined;
  #nodesLeft: number;
  #next: number;

  constructor(shape: ScopeShape) {
    const { instances, count, width } = shape;
    this.#shape = shape;
    this.#missing = new Array(instances);
    this.#holds = new Array(instances);
    this.#outputs = new Array(instances);
    this.#isFlat = new Array(instances);
    for (let instance = 0; instance < instances; instance++) {
      this.#missing[instance] = shape.missingOf(instance);
      this.#holds[instance] = shape.readersOf(instance);
      this.#outputs[instance] = undefined;
      this.#isFlat[instance] = false;
    }
    this.#nodesLeft = shape.nodes;
    this.#elementNodesLeft = width < count ? new Array(count).fill(shape.nodesPerElement) : undefined;
    this.#next = Math.min(width, count);
  }

  release(instance: number): boolean {
    const left = (this.#missing[instance] as number) - 1;
    this.#missing[instance] = left;
    return (left & missingMask) === 0;
  }

  skip(instance: number): void {
    this.#missing[instance] = (this.#missing[instance] as number) | skippedBit;
  }

  isSkipped(instance: number): boolean {
    return ((this.#missing[instance] as number) & skippedBit) !== 0;
  }

  put(instance: number, value: unknown, sizeMax: number): void {
    if (this.#holds[instance] === 0) checkValue(value, sizeMax);
    else {
      this.#outputs[instance] = copyValue(value, sizeMax);
      this.#isFlat[instance] = isNewestCopyFlat();
    }
  }

  putOwned(instance: number, value: unknown): void {
    if (this.#holds[instance] !== 0) this.#outputs[instance] = value;
  }

  take(instance: number, path: Path): unknown {
    const kept = this.#outputs[instance];
    const wanted = path.length === 0 ? kept : pick(kept, path);
    const holds = (this.#holds[instance] as number) - 1;
    this.#holds[instance] = holds;
    if (holds > 0) return path.length === 0 ? this.#copyOf(instance) : copyCanonical(wanted);
    this.#forget(instance);
    return wanted;
  }

  read(instance: number, path: Path): unknown {
    return path.length === 0 ? this.#copyOf(instance) : copyCanonical(pick(this.#outputs[instance], path));
  }

  kept(instance: number): unknown {
    return this.#outputs[instance];
  }

  #forget(instance: number): void {
    this.#outputs[instance] = undefined;
    this.#isFlat[instance] = false;
  }

  #copyOf(instance: number): unknown {
    const kept = this.#outputs[instance];
    return this.#isFlat[instance] === true ? { ...(kept as object) } : copyCanonical(kept);
  }

  bytes(instance: number): number {
    const kept = this.#outputs[instance];
    return kept === undefined || kept instanceof Scope ? 0 : valueSize(kept);
  }

  drop(instance: number): void {
    const holds = (this.#holds[instance] as number) - 1;
    this.#holds[instance] = holds;
    if (holds === 0) this.#forget(instance);
  }

  nodeEnded(): boolean {
    this.#nodesLeft -= 1;
    return this.#nodesLeft === 0;
  }

  elementEnded(element: number): boolean {
    const nodesLeft = this.#elementNodesLeft;
    if (nodesLeft === undefined) return false;
    const left = (nodesLeft[element] as number) - 1;
    nodesLeft[element] = left;
    return left === 0;
  }

  nextElement(): number {
    return this.#next++;
  }

  child(expand: number): Scope {
    return this.#outputs[expand] as Scope; // setChild put it there: an expand has no other output
  }

  setChild(expand: number, scope: Scope): void {
    this.#outputs[expand] = scope;
  }

  /** Everything, for the moment in which the scope's run becomes shared. */
  state(): LocalState {
    return {
      shape: this.#shape,
      missing: this.#missing,
      holds: this.#holds,
      outputs: this.#outputs,
      nodesLeft: this.#nodesLeft,
      elementNodesLeft: this.#elementNodesLeft,
      next: this.#next,
    };
  }
}

export interface LocalState {
  readonly shape: ScopeShape;
  readonly missing: readonly number[];
  readonly holds: readonly number[];
  readonly outputs: readonly unknown[];
  readonly nodesLeft: number;
  readonly elementNodesLeft: readonly number[] | undefined;
  readonly next: number;
}
