/**
 * The objects that are data without being plain objects or arrays: Map, Set, Date, RegExp, ArrayBuffer, typed arrays, Buffer, Error.
 *
 * A kind is found by the object's prototype, so that instances of subclasses are not taken for what they extend.
 */

import { buildError, builtinErrors, errorFieldKeys, readErrorParts } from "./value-error.js";

/** How one kind of object is data. Its functions throw when an object only pretends to be of the kind. */
export interface Kind {
  /** Why the object by itself, whatever it holds, is not data: a rule and what was found. */
  flaw(value: object): string | undefined;
  /** Visits what the object holds, always in the same order. */
  visit(value: object, each: (child: unknown) => void): void;
  /** Path of the n-th visited child, relative to the object. */
  step(value: object, n: number): string;
  /** A fresh object of the kind that holds what `copyChild` makes of each child. */
  copy(value: object, copyChild: (child: unknown) => unknown): object;
}

type TypedArray =
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array
  | BigInt64Array
  | BigUint64Array;

interface BufferClass {
  readonly prototype: object;
  from(bytes: ArrayBuffer): Uint8Array;
}

/** Node's Buffer where there is one; this folder imports nothing of Node. */
const bufferClass = (globalThis as { readonly Buffer?: BufferClass }).Buffer;

const leaf = { visit() {}, step: () => "" };

const carriesFields = (value: object): string | undefined =>
  Object.keys(value).length === 0 ? undefined : `it must carry no fields of its own: found ${JSON.stringify(Object.keys(value)[0])}`;

const mapKind: Kind = {
  flaw: carriesFields,
  visit(value, each) {
    for (const [key, item] of value as Map<unknown, unknown>) {
      each(key);
      each(item);
    }
  },
  step: (_, n) => (n % 2 === 0 ? `.keys()[${n / 2}]` : `.values()[${(n - 1) / 2}]`),
  copy(value, copyChild) {
    const copy = new Map<unknown, unknown>();
    for (const [key, item] of value as Map<unknown, unknown>) copy.set(copyChild(key), copyChild(item));
    return copy;
  },
};

const setKind: Kind = {
  flaw: carriesFields,
  visit(value, each) {
    for (const item of value as Set<unknown>) each(item);
  },
  step: (_, n) => `.values()[${n}]`,
  copy(value, copyChild) {
    const copy = new Set<unknown>();
    for (const item of value as Set<unknown>) copy.add(copyChild(item));
    return copy;
  },
};

const dateKind: Kind = {
  ...leaf,
  flaw(value) {
    return Number.isNaN(Date.prototype.getTime.call(value)) ? "a date must be valid: found Invalid Date" : carriesFields(value);
  },
  copy: (value) => new Date(Date.prototype.getTime.call(value)),
};

const regExpKind: Kind = {
  ...leaf,
  flaw(value) {
    const wellFormed = (value as RegExp).source.isWellFormed();
    return wellFormed ? carriesFields(value) : "a pattern must be well-formed Unicode: found a lone surrogate";
  },
  copy: (value) => new RegExp(value as RegExp),
};

const arrayBufferKind: Kind = {
  ...leaf,
  flaw(value) {
    new DataView(value as ArrayBuffer); // throws on what is no buffer, and on one that has been transferred away
    return carriesFields(value);
  },
  copy: (value) => ArrayBuffer.prototype.slice.call(value as ArrayBuffer, 0),
};

/** Reads what a typed array really is, whatever its prototype says; undefined for other objects. */
const typeOfView = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag)?.get as () =>
  | string
  | undefined;

function viewFlaw(value: object, type: string): string | undefined {
  const view = value as TypedArray;
  if (typeOfView.call(view) !== type) return `a prototype must be the object's own: found that of ${type} on another`;
  if (view.buffer instanceof SharedArrayBuffer) return "memory must not be shared: found a view of a SharedArrayBuffer";
  if (view.length === 0) view.at(0); // throws on a view whose buffer has been transferred away
  return undefined;
}

// Fields that a program hangs on a typed array are not looked for: listing its keys would list every index.
const viewKind = (type: string, copy: (value: TypedArray) => TypedArray): Kind => ({
  ...leaf,
  flaw: (value) => viewFlaw(value, type),
  copy: (value) => copy(value as TypedArray),
});

// A constructor given a typed array copies its elements to memory of its own, whatever the size of the buffer behind them.
const viewClasses = [
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
] as unknown as readonly { new (from: TypedArray): TypedArray; readonly prototype: TypedArray; readonly name: string }[];

const bufferKind = (buffer: BufferClass): Kind =>
  viewKind("Uint8Array", (value) => buffer.from(new Uint8Array(value as Uint8Array).buffer as ArrayBuffer) as TypedArray);

const errorKind: Kind = {
  flaw(value) {
    const { name, message, stack, errors, fields } = readErrorParts(value as Error);
    if (typeof message !== "string") return "an error's message must be text: found something else";
    if (!name.isWellFormed() || !message.isWellFormed() || !(stack ?? "").isWellFormed()) {
      return "an error's texts must be well-formed Unicode: found a lone surrogate";
    }
    if (errors !== undefined && !Array.isArray(errors)) return "an AggregateError must hold a list: found something else";
    const badKey = Object.keys(fields).find((key) => key === "__proto__" || !key.isWellFormed());
    return badKey === undefined ? undefined : `keys must be well-formed and not __proto__: found ${JSON.stringify(badKey)}`;
  },
  visit(value, each) {
    for (const child of errorChildren(readErrorParts(value as Error))) each(child);
  },
  step(value, n) {
    const error = value as Error;
    const keys = errorFieldKeys(error);
    if (n < keys.length) return `.${keys[n]}`;
    return n === keys.length && "cause" in error ? ".cause" : ".errors";
  },
  copy(value, copyChild) {
    return buildError(mapErrorParts(readErrorParts(value as Error), copyChild));
  },
};

/** What an error holds beside its texts: the fields in order, then cause, then errors. */
function errorChildren(parts: ReturnType<typeof readErrorParts>): unknown[] {
  const children = Object.values(parts.fields);
  if ("cause" in parts) children.push(parts.cause);
  if ("errors" in parts) children.push(parts.errors);
  return children;
}

/** The same error holding what `change` makes of each child. */
export function mapErrorParts(parts: ReturnType<typeof readErrorParts>, change: (child: unknown) => unknown): typeof parts {
  const fields = Object.fromEntries(Object.entries(parts.fields).map(([key, field]) => [key, change(field)]));
  return {
    ...parts,
    fields,
    ...("cause" in parts ? { cause: change(parts.cause) } : {}),
    ...("errors" in parts ? { errors: change(parts.errors) } : {}),
  };
}

const kinds = new Map<object, Kind>([
  [Map.prototype, mapKind],
  [Set.prototype, setKind],
  [Date.prototype, dateKind],
  [RegExp.prototype, regExpKind],
  [ArrayBuffer.prototype, arrayBufferKind],
  ...viewClasses.map((View): [object, Kind] => [View.prototype, viewKind(View.name, (value) => new View(value))]),
  ...(bufferClass === undefined ? [] : [[bufferClass.prototype, bufferKind(bufferClass)] as [object, Kind]]),
  ...Object.values(builtinErrors).map(({ prototype }): [object, Kind] => [prototype, errorKind]),
]);

/** Makes the objects of one more prototype data. For what DataFlower itself puts into values; there is one such kind, the refs of actors. */
export function addKind(prototype: object, kind: Kind): void {
  kinds.set(prototype, kind);
}

/** The kind of an object by its prototype; undefined when it is not data. */
export function kindOf(value: object, prototype: object): Kind | undefined {
  return kinds.get(prototype) ?? (value instanceof Error ? errorKind : undefined);
}
