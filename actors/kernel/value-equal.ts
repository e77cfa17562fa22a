/**
 * When two values are the same data: same kind, same shape, `Object.is` at every leaf.
 *
 * Fields of objects may stand in any order; entries of Maps and Sets count in theirs. A null prototype counts as a plain one, and
 * errors are compared by what of them is data. Both values must be data.
 */

import { type ErrorParts, readErrorParts } from "./value-error.js";

export function equalValues(a: unknown, b: unknown): boolean {
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return Object.is(a, b);
  if (a instanceof Error) return b instanceof Error && equalErrors(readErrorParts(a), readErrorParts(b));
  const prototype = plainPrototype(a);
  if (prototype !== plainPrototype(b)) return false;
  if (prototype === Object.prototype) return equalFields(a, b);
  if (Array.isArray(a)) return equalLists(a, b as unknown[]);
  if (a instanceof Map) return equalLists([...a].flat(1), [...(b as Map<unknown, unknown>)].flat(1));
  if (a instanceof Set) return equalLists([...a], [...(b as Set<unknown>)]);
  if (a instanceof Date) return a.getTime() === (b as Date).getTime();
  if (a instanceof RegExp) return String(a) === String(b);
  return equalBytes(bytesOf(a), bytesOf(b));
}

function plainPrototype(value: object): object {
  return Object.getPrototypeOf(value) ?? Object.prototype;
}

function equalFields(a: object, b: object): boolean {
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  const [left, right] = [a as Record<string, unknown>, b as Record<string, unknown>];
  return keys.every((key) => Object.hasOwn(right, key) && equalValues(left[key], right[key]));
}

function equalLists(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((item, i) => equalValues(item, b[i]));
}

function equalErrors(a: ErrorParts, b: ErrorParts): boolean {
  return equalFields(a, b);
}

/** An ArrayBuffer's or a view's memory. Bytes tell NaNs of different bits apart, which is what a typed array holds. */
function bytesOf(value: object): Uint8Array {
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  const view = value as Uint8Array; // the only kinds left are views
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}

function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
