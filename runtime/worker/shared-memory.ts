import { checkValue } from "../../actors/kernel/value.js";
import type { LocalState } from "../../actors/workflow/local-memory.js";
import { pick } from "../../actors/workflow/pick.js";
import { missingMask, type Path, type Scope, type ScopeMemory, type ScopeShape, skippedBit } from "../../actors/workflow/scope.js";
import { encodeTrusted } from "../codec/value-codec.js";
import { AT_HOME, NOTHING, offsetOf } from "./handle.js";
import type { Payloads } from "./payloads.js";
import { type BlockLayout, NEXT, NODES_LEFT, planBlock } from "./scope-block.js";

/** What a scope's memory asks of the space of its run. */
export interface MemorySpace {
  readonly run: { readonly slot: number };
  readonly workers: number;
  readonly payloads: Payloads;
  /** Keeps a value that found no room in the arenas at the run's home. */
  leaveAtHome(scope: number, instance: number, value: unknown, bytes: Uint8Array): void;
  fromHome(scope: number, instance: number): unknown;
  forget(scope: number, instance: number): void;
  /** The scope behind a handle, or one kept at home by its expand. */
  scopeAt(handle: number, parent: number, expand: number): Scope;
  /** What a parent's block stores for a child scope. */
  handleOfScope(scope: Scope, parent: number, expand: number): number;
}

/**
 * Counters and outputs of a scope in shared memory, as one worker sees them. Layout in scope-block.ts.
 *
 * (A) An output is written to its arena, then its handle is stored, then successors are released by subtraction. The worker whose
 *     subtraction reaches zero sees every handle that was stored before: Atomics are sequentially consistent. Pairs with (B), the
 *     load of a handle by a reader.
 * (C) A reader copies the bytes out before it gives up its hold; the subtraction that reaches zero (D) frees the block. So nobody
 *     reads freed memory.
 */
export class SharedMemory implements ScopeMemory {
  readonly handle: number;
  readonly #space: MemorySpace;
  readonly #ints: Int32Array;
  readonly #block: number;
  readonly #layout: BlockLayout;
  readonly #limitsElements: boolean;

  constructor(space: MemorySpace, handle: number, shape: ScopeShape, isOutermost: boolean) {
    this.handle = handle;
    this.#space = space;
    this.#ints = space.payloads.ints(handle);
    this.#block = offsetOf(handle) >> 2;
    this.#layout = planBlock(shape, isOutermost ? space.workers : 0);
    this.#limitsElements = shape.width < shape.count;
  }

  release(instance: number): boolean {
    const before = Atomics.sub(this.#ints, this.#block + this.#layout.missing + instance, 1); // (A): see above
    return (before & missingMask) === 1;
  }

  skip(instance: number): void {
    Atomics.or(this.#ints, this.#block + this.#layout.missing + instance, skippedBit); // before (A), so whoever is last sees it
  }

  isSkipped(instance: number): boolean {
    return (Atomics.load(this.#ints, this.#block + this.#layout.missing + instance) & skippedBit) !== 0;
  }

  put(instance: number, value: unknown, sizeMax: number): void {
    checkValue(value, sizeMax);
    this.putOwned(instance, value);
  }

  putOwned(instance: number, value: unknown): void {
    if (Atomics.load(this.#ints, this.#block + this.#layout.holds + instance) === 0 || value === undefined) return;
    const bytes = encodeTrusted(value);
    const kept = this.#space.payloads.keep(bytes, this.#space.run.slot);
    if (kept === NOTHING) this.#space.leaveAtHome(this.handle, instance, value, bytes);
    this.setOutput(instance, kept === NOTHING ? AT_HOME : kept);
  }

  take(instance: number, path: Path): unknown {
    const value = this.read(instance, path);
    this.drop(instance);
    return value;
  }

  read(instance: number, path: Path): unknown {
    const output = this.outputOf(instance);
    if (output === NOTHING) return undefined;
    const value = output === AT_HOME ? this.#space.fromHome(this.handle, instance) : this.#space.payloads.decode(output);
    return pick(value, path);
  }

  kept(instance: number): unknown {
    return this.read(instance, []);
  }

  /** Of what is kept at home nothing is known here. */
  bytes(instance: number): number {
    const output = this.outputOf(instance);
    return output === NOTHING || output === AT_HOME ? 0 : this.#space.payloads.lengthOf(output);
  }

  drop(instance: number): void {
    if (Atomics.sub(this.#ints, this.#block + this.#layout.holds + instance, 1) !== 1) return; // (D)
    const output = this.outputOf(instance);
    this.setOutput(instance, NOTHING);
    if (output === AT_HOME) this.#space.forget(this.handle, instance);
    else if (output !== NOTHING) this.#space.payloads.free(output);
  }

  nodeEnded(): boolean {
    return Atomics.sub(this.#ints, this.#block + NODES_LEFT, 1) === 1;
  }

  elementEnded(element: number): boolean {
    return this.#limitsElements && Atomics.sub(this.#ints, this.#block + this.#layout.elements + element, 1) === 1;
  }

  nextElement(): number {
    return Atomics.add(this.#ints, this.#block + NEXT, 1);
  }

  child(expand: number): Scope {
    return this.#space.scopeAt(this.outputOf(expand), this.handle, expand);
  }

  setChild(expand: number, scope: Scope): void {
    this.setOutput(expand, this.#space.handleOfScope(scope, this.handle, expand));
  }

  /** Takes over the counters of a scope that becomes shared. Nobody else knows the block yet. */
  adoptCounters(state: LocalState): void {
    const { missing, holds, elements } = this.#layout;
    for (let instance = 0; instance < state.missing.length; instance++) {
      this.#ints[this.#block + missing + instance] = state.missing[instance] as number;
      this.#ints[this.#block + holds + instance] = state.holds[instance] as number;
    }
    state.elementNodesLeft?.forEach((left, element) => {
      this.#ints[this.#block + elements + element] = left;
    });
    this.#ints[this.#block + NODES_LEFT] = state.nodesLeft;
    this.#ints[this.#block + NEXT] = state.next;
  }

  /** The handle of an instance's output. (B) */
  outputOf(instance: number): number {
    return Atomics.load(this.#ints, this.#block + this.#layout.output + instance);
  }

  setOutput(instance: number, handle: number): void {
    Atomics.store(this.#ints, this.#block + this.#layout.output + instance, handle);
  }
}
