/**
 * Refs while a builder runs: proxies that answer to a property with a ref of that property, and to everything else with an error.
 *
 * A graph may hand out a million of them, so a ref is only a proxy over one function that all share, and a traps object of four
 * fields; what a node *is* stands in flat tables elsewhere. The target is a function so that calling a ref can be answered, too.
 */

import { inspect } from "node:util";
import { DataFlowerError } from "../../../actors/kernel/errors.js";
import { reservedNames } from "../ids.js";
import type { RefTo } from "../ref.js";

/** The builder call that a ref belongs to. */
export interface RefOwner {
  /** Name of a node, for messages. */
  label(node: number): string;
}

/** What a ref stands for: the output of a node, or a field of it; or the position of an element, where `node` is the param of the body. */
export interface RefState {
  readonly owner: RefOwner;
  readonly node: number;
  readonly path: readonly string[];
  readonly isIndex: boolean;
}

/** Registered, so that a ref of another copy of this package is known as a ref. */
const STATE = Symbol.for("dataflower.ref");
const noPath: readonly string[] = Object.freeze([]);

export const createRef = (owner: RefOwner, node: number): RefTo<unknown> => proxyOf(new RefTraps(owner, node, noPath, false));

export const createIndexRef = (owner: RefOwner, node: number): RefTo<number> =>
  proxyOf(new RefTraps(owner, node, noPath, true)) as RefTo<number>; // RefTo is a type without a value; this ref stands for a position

/** @returns what a ref stands for; undefined for anything that is no ref */
export function refState(value: unknown): RefState | undefined {
  if (typeof value !== "function") return undefined;
  return (value as { [STATE]?: RefState })[STATE]; // a function may have any property; only refs have this one
}

/** `resize.width` or `pages[0]`: how messages name a ref. */
export function refText({ owner, node, path, isIndex }: RefState): string {
  const steps = path.map((key) => (/^\d+$/.test(key) ? `[${key}]` : `.${key}`));
  return isIndex ? `index of ${owner.label(node)}` : owner.label(node) + steps.join("");
}

/** The methods that a list or text would have: called on a ref, they were meant for its value. */
const advice: Readonly<Record<string, string>> = {
  map: "write flow.map(list, item => ...) instead",
  forEach: "write flow.map(list, item => ...) instead",
  reduce: "write flow.reduce(list, handler) instead",
};

class RefTraps implements ProxyHandler<object>, RefState {
  readonly owner: RefOwner;
  readonly node: number;
  readonly path: readonly string[];
  readonly isIndex: boolean;

  constructor(owner: RefOwner, node: number, path: readonly string[], isIndex: boolean) {
    this.owner = owner;
    this.node = node;
    this.path = path;
    this.isIndex = isIndex;
  }

  get(_target: object, key: string | symbol): unknown {
    if (key === STATE) return this;
    if (typeof key === "symbol") return this.#symbol(key);
    const use = forbiddenKeys.get(key);
    if (use !== undefined) this.#refuse(use);
    if (this.isIndex) this.#refuse(`read ".${key}" of a ref`);
    return proxyOf(new RefTraps(this.owner, this.node, [...this.path, key], false));
  }

  #symbol(key: symbol): unknown {
    if (key === Symbol.toPrimitive) this.#refuse("convert a ref to text or a number");
    if (key === Symbol.iterator)
      this.#refuse("iterate or spread a ref", "pass the whole list to a task, or write flow.map(list, item => ...)");
    if (key === Symbol.asyncIterator) this.#refuse("iterate a ref");
    return undefined; // asked whether it is something special, a ref is not
  }

  apply(): never {
    const method = this.path.at(-1);
    if (method === undefined) this.#refuse("call a ref");
    this.#refuse("call a method of a ref", advice[method] ?? "call it inside a task, where the value exists");
  }

  construct(): never {
    this.#refuse("construct a ref");
  }

  has(): never {
    this.#refuse('use "in" on a ref');
  }

  ownKeys(): never {
    this.#refuse("list or spread the fields of a ref", "name the fields that you need: { a: ref.a, b: ref.b }");
  }

  getOwnPropertyDescriptor(): never {
    this.#refuse("look up the fields of a ref");
  }

  set(): never {
    this.#refuse("change a ref");
  }

  defineProperty(): never {
    this.#refuse("change a ref");
  }

  deleteProperty(): never {
    this.#refuse("change a ref");
  }

  setPrototypeOf(): never {
    this.#refuse("change a ref");
  }

  preventExtensions(): never {
    this.#refuse("freeze a ref");
  }

  #refuse(use: string, remedy = "pass the ref to a task and use the value there"): never {
    throw new DataFlowerError(
      "DF_REF_USED_AS_VALUE",
      `Cannot ${use} as its value exists only while the run executes; ${remedy}: found ref ${refText(this)}`,
    );
  }
}

/** Properties that JavaScript itself asks for when it wants the value, and those that are never data. */
const forbiddenKeys: ReadonlyMap<string, string> = new Map([
  ["then", "await a ref"],
  ["toJSON", "write a ref as JSON"],
  ["toString", "convert a ref to text"],
  ["toLocaleString", "convert a ref to text"],
  ["valueOf", "convert a ref to a value"],
  ...[...reservedNames].map((name) => [name, `read ".${name}" of a ref`] as const),
]);

/** console.log of a ref shows what it stands for. Inspection looks at the target and calls this with the ref as `this`. */
function describeThis(this: unknown): string {
  const state = refState(this);
  return state === undefined ? "[Ref]" : `[Ref ${refText(state)}]`;
}

function sharedTarget(): void {}
Object.defineProperty(sharedTarget, inspect.custom, { value: describeThis });
Object.freeze(sharedTarget.prototype);

// A proxy has the type of its target; the public type of a ref has no value behind it, so there is nothing to check this against.
const proxyOf = (traps: RefTraps): RefTo<unknown> => new Proxy(sharedTarget, traps) as unknown as RefTo<unknown>;
