/// <reference lib="es2024.string" />
/**
 * What data is: the one domain of values that tasks are given, return, send to each other and leave in a store.
 *
 * | value | rule |
 * |---|---|
 * | null, undefined, booleans, BigInt | as they are |
 * | numbers | NaN and infinities too; -0 becomes 0 |
 * | strings | well-formed Unicode: no lone surrogates |
 * | plain objects | own enumerable fields with string keys; a null prototype becomes a plain one; no key `__proto__` |
 * | arrays | dense: no holes |
 * | Map, Set | any keys and entries that are data |
 * | Date, RegExp | valid dates; `lastIndex` is not kept |
 * | ArrayBuffer, Buffer, typed arrays | not over shared memory, not transferred away; a Buffer stays a Buffer |
 * | Error | name, message, stack, cause and own fields; builtin classes stay, others become `Error` with their name |
 *
 * Everything else is refused with `DF_UNSERIALIZABLE` and the path to it: functions, symbols, promises, weak things, class instances
 * (of subclasses of the above too), boxed primitives, URL, DataView, SharedArrayBuffer, cycles, more than {@link valueDepthMax}
 * containers within each other.
 *
 * A value is what its kind lists above and nothing else. Fields with symbol keys, fields that are not enumerable, and fields hung
 * on an array or a typed array are not seen: neither kept nor refused. A getter of a plain object is read like a field. (To look for
 * them would double the cost of every copy.) Two places that hold one object hold two equal ones in the copy.
 *
 * The *size* of a value is what its encoding takes, roughly and without encoding it: the bytes of its binary parts, the characters of
 * its texts and keys, and {@link leafSize} for each of its other parts. Aliases count each time they occur.
 *
 * The canonical form of a value is what {@link copyValue} returns. The codec accepts, refuses and returns exactly the same.
 */

import { DataFlowerError } from "./errors.js";
import { type Kind, kindOf } from "./value-kinds.js";
import { refusalError } from "./value-refusal.js";

/** Containers within each other that a value may have. */
export const valueDepthMax = 256;

/** What a number, a container or a short text adds to the size of a value, in bytes. */
export const leafSize = 8;

/** Ends a fast walk. Where and why is found by the slow walk in value-refusal.ts. */
const notData = Symbol("not data");

/** No limit but this one: what a small integer of the engine holds, so that counting down allocates nothing. */
export const valueSizeMax = 2 ** 31 - 1;

/** Ends a fast walk over a value that is larger than it may be. */
const tooLarge = Symbol("too large");

/**
 * Size that the walk may still meet. A variable of the module rather than an argument of every step: one walk runs at a time, and
 * this is the hottest path of the runtime.
 */
let sizeLeft = 0;

/**
 * A value's canonical form: a deep copy that shares nothing mutable with it.
 *
 * @param sizeMax size beyond which the value is refused, an integer. @defaultValue {@link valueSizeMax}
 * @throws DF_UNSERIALIZABLE with the path of the first part that is not data; DF_RESULT_TOO_LARGE
 */
export function copyValue<T>(value: T, sizeMax: number = valueSizeMax): T {
  try {
    noteInheritedFields();
    sizeLeft = sizeMax;
    containers = 0;
    plainObjects = 0;
    const copy = copyAny(value, 0) as T; // the same type by construction, or one that its canonical form replaces
    if (sizeLeft < 0) throw tooLarge;
    return copy;
  } catch (thrown) {
    throw thrown === tooLarge ? sizeError(sizeMax) : refusalError(value, valueDepthMax, thrown);
  }
}

/** What {@link copyValue} counts as it goes: objects of any kind, and the plain ones among them. */
let containers = 0;
let plainObjects = 0;

/**
 * Whether what the newest {@link copyValue} returned is a plain object that holds no other object, as small outputs often are. A spread
 * copies such a one whole.
 */
export function isNewestCopyFlat(): boolean {
  return containers === 1 && plainObjects === 1;
}

/**
 * Checks that a value is data, without copying it.
 *
 * @param sizeMax as for {@link copyValue}
 * @throws DF_UNSERIALIZABLE, DF_RESULT_TOO_LARGE exactly where {@link copyValue} does
 */
export function checkValue(value: unknown, sizeMax: number = valueSizeMax): void {
  try {
    noteInheritedFields();
    sizeLeft = sizeMax;
    checkAny(value, 0);
    if (sizeLeft < 0) throw tooLarge;
  } catch (thrown) {
    throw thrown === tooLarge ? sizeError(sizeMax) : refusalError(value, valueDepthMax, thrown);
  }
}

/** Size of a value that is data, in bytes: about as much as it takes encoded. */
export function valueSize(value: unknown): number {
  checkValue(value);
  return valueSizeMax - sizeLeft;
}

/**
 * A deep copy of a value that is canonical already, because {@link copyValue} or a decoder returned it: nothing is checked again, which
 * takes half the time.
 */
export function copyCanonical<T>(value: T): T {
  noteInheritedFields();
  return copyPart(value) as T; // a copy is of the type of what it copies
}

function copyPart(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return copyParts(value);
  if (Object.getPrototypeOf(value) === Object.prototype) return copyFields(value as Record<string, unknown>);
  const kind = kindOf(value, Object.getPrototypeOf(value)) as Kind; // canonical values hold nothing of another kind
  return kind.copy(value, copyPart);
}

function copyParts(source: readonly unknown[]): unknown[] {
  const copy = source.slice();
  for (let i = 0; i < copy.length; i++) {
    const item = copy[i];
    if (typeof item === "object" && item !== null) copy[i] = copyPart(item);
  }
  return copy;
}

/** A spread copies an object of a known shape in one piece, in half the time of its fields one by one; then what they hold is copied. */
function copyFields(source: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const copy: Record<string, unknown> = { ...source };
  for (const key in copy) {
    const item = copy[key];
    if (typeof item !== "object" || item === null) continue;
    if (fieldsAreInherited && !Object.hasOwn(copy, key)) continue;
    copy[key] = copyPart(item);
  }
  return copy;
}

function sizeError(sizeMax: number): DataFlowerError {
  return new DataFlowerError("DF_RESULT_TOO_LARGE", `Cannot keep a value as limits.outputBytesMax is ${sizeMax} bytes: it is larger`);
}

/**
 * `for in` lists a plain object's fields several times faster than Object.keys() with reads by key, but it lists inherited ones too.
 * There are none unless a program has put some on Object.prototype; then fields are asked whether they are own.
 */
let fieldsAreInherited = false;

function noteInheritedFields(): void {
  fieldsAreInherited = false;
  for (const _ in Object.prototype) fieldsAreInherited = true;
}

function copyAny(value: unknown, depth: number): unknown {
  sizeLeft -= leafSize;
  if (typeof value === "number") return value + 0; // -0 becomes 0
  if (typeof value === "object") return value === null ? null : copyContainer(value, depth);
  if (isBadLeaf(value)) throw notData;
  return value;
}

function isBadLeaf(value: unknown): boolean {
  if (typeof value === "string") {
    sizeLeft -= value.length;
    return !value.isWellFormed();
  }
  return typeof value === "function" || typeof value === "symbol";
}

function copyContainer(value: object, depth: number): object {
  if (depth === valueDepthMax) throw notData;
  if (sizeLeft < 0) throw tooLarge; // before it is copied: aliases of aliases grow without bound
  containers += 1;
  const prototype: object | null = Object.getPrototypeOf(value);
  if (Array.isArray(value)) return copyArray(requireArray(value, prototype), depth + 1);
  if (prototype === Object.prototype || prototype === null) return copyPlain(value, depth + 1);
  return copyKind(value, prototype, depth + 1);
}

/** Apart from copyContainer(), where the closure would cost every plain object a heap allocation. */
function copyKind(value: object, prototype: object, depth: number): object {
  return requireKind(value, prototype).copy(value, (child) => copyAny(child, depth));
}

function copyPlain(value: object, depth: number): object {
  plainObjects += 1;
  const source = value as Record<string, unknown>;
  const copy: Record<string, unknown> = {};
  for (const key in source) {
    if (fieldsAreInherited && !Object.hasOwn(source, key)) continue;
    if (key === "__proto__" || !key.isWellFormed()) throw notData;
    sizeLeft -= key.length;
    copy[key] = copyAny(source[key], depth);
  }
  return copy;
}

function copyArray(source: readonly unknown[], depth: number): unknown[] {
  if (holdsOnlyNumbers(source)) {
    sizeLeft -= source.length * leafSize;
    return Array.prototype.slice.call(source);
  }
  const copy: unknown[] = [];
  for (let i = 0; i < source.length; i++) {
    const item = source[i];
    if (item === undefined && !Object.hasOwn(source, i)) throw notData;
    copy.push(copyAny(item, depth));
  }
  return copy;
}

/** Numbers that are canonical already are copied in one piece. An own `constructor` would change what slice() returns. */
function holdsOnlyNumbers(source: readonly unknown[]): boolean {
  const madeBy: unknown = source.constructor;
  if (madeBy !== Array) return false;
  for (let i = 0; i < source.length; i++) {
    const item = source[i];
    if (typeof item !== "number" || Object.is(item, -0)) return false;
  }
  return true;
}

function checkAny(value: unknown, depth: number): void {
  sizeLeft -= leafSize;
  if (typeof value === "number" || value === null) return;
  if (typeof value === "object") checkContainer(value, depth);
  else if (isBadLeaf(value)) throw notData;
}

function checkContainer(value: object, depth: number): void {
  if (depth === valueDepthMax) throw notData;
  if (sizeLeft < 0) throw tooLarge;
  const prototype: object | null = Object.getPrototypeOf(value);
  if (Array.isArray(value)) checkArray(requireArray(value, prototype), depth + 1);
  else if (prototype === Object.prototype || prototype === null) checkPlain(value, depth + 1);
  else checkKind(value, prototype, depth + 1);
}

function checkKind(value: object, prototype: object, depth: number): void {
  requireKind(value, prototype).visit(value, (child) => checkAny(child, depth));
}

function checkPlain(value: object, depth: number): void {
  const source = value as Record<string, unknown>;
  for (const key in source) {
    if (fieldsAreInherited && !Object.hasOwn(source, key)) continue;
    if (key === "__proto__" || !key.isWellFormed()) throw notData;
    sizeLeft -= key.length;
    checkAny(source[key], depth);
  }
}

function checkArray(source: readonly unknown[], depth: number): void {
  for (let i = 0; i < source.length; i++) {
    const item = source[i];
    if (item === undefined && !Object.hasOwn(source, i)) throw notData;
    checkAny(item, depth);
  }
}

function requireArray(value: readonly unknown[], prototype: object | null): readonly unknown[] {
  if (prototype !== Array.prototype) throw notData;
  return value;
}

function requireKind(value: object, prototype: object): Kind {
  const kind = kindOf(value, prototype);
  if (kind === undefined || kind.flaw(value) !== undefined) throw notData;
  sizeLeft -= (value as { readonly byteLength?: number }).byteLength ?? 0; // of binary data
  if (sizeLeft < 0) throw tooLarge;
  return kind;
}
