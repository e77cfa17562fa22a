/**
 * Says where and why a value is not data. The slow twin of the fast walks in value.ts: it runs only after one of them gave up, so
 * it may keep paths and ancestors. It looks at children in the same order and stops at the first that is not data.
 */

import { DataFlowerError } from "./errors.js";
import { kindOf } from "./value-kinds.js";

interface Refusal {
  readonly path: string;
  /** "rule: found". */
  readonly reason: string;
  readonly cause?: unknown;
}

/**
 * The error for a value that a fast walk gave up on.
 *
 * @param thrown what ended the walk; it becomes the `cause` where reading the value threw
 */
export function refusalError(value: unknown, depthMax: number, thrown: unknown): DataFlowerError {
  const found = findRefusal(value, "$", [], depthMax) ?? { path: "$", reason: readingThrew(thrown), cause: thrown };
  return new DataFlowerError(
    "DF_UNSERIALIZABLE",
    `Cannot take ${found.path} as data as ${found.reason}`,
    "cause" in found ? { cause: found.cause } : {},
  );
}

function findRefusal(value: unknown, path: string, ancestors: readonly object[], depthMax: number): Refusal | undefined {
  try {
    if (typeof value !== "object" || value === null) return leafRefusal(value, path);
    const at = ancestors.indexOf(value);
    if (at >= 0)
      return { path, reason: `data must not contain itself: found a cycle back to its ${ordinal(ancestors.length - at)} container` };
    if (ancestors.length >= depthMax) return { path, reason: `data must not nest deeper than ${depthMax} containers: found one more` };
    return containerRefusal(value, path, [...ancestors, value], depthMax);
  } catch (thrown) {
    return { path, reason: readingThrew(thrown), cause: thrown };
  }
}

function leafRefusal(value: unknown, path: string): Refusal | undefined {
  if (typeof value === "string")
    return value.isWellFormed() ? undefined : { path, reason: "text must be well-formed Unicode: found a lone surrogate" };
  if (typeof value === "function" || typeof value === "symbol")
    return { path, reason: `a ${typeof value} is not data: found ${String(describe(value))}` };
  return undefined;
}

function containerRefusal(value: object, path: string, ancestors: readonly object[], depthMax: number): Refusal | undefined {
  const prototype: object | null = Object.getPrototypeOf(value);
  if (Array.isArray(value) && prototype === Array.prototype) return arrayRefusal(value, path, ancestors, depthMax);
  if (!Array.isArray(value) && (prototype === Object.prototype || prototype === null))
    return plainRefusal(value, path, ancestors, depthMax);
  return kindRefusal(value, prototype, path, ancestors, depthMax);
}

function arrayRefusal(items: readonly unknown[], path: string, ancestors: readonly object[], depthMax: number): Refusal | undefined {
  for (let i = 0; i < items.length; i++) {
    if (!Object.hasOwn(items, i)) return { path: `${path}[${i}]`, reason: "a list must have no holes: found one" };
    const refusal = findRefusal(items[i], `${path}[${i}]`, ancestors, depthMax);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

function plainRefusal(value: object, path: string, ancestors: readonly object[], depthMax: number): Refusal | undefined {
  for (const key of Object.keys(value)) {
    const place = path + keyStep(key);
    if (key === "__proto__") return { path: place, reason: "this key is not allowed: found __proto__" };
    if (!key.isWellFormed()) return { path: place, reason: "keys must be well-formed Unicode: found a lone surrogate" };
    const refusal = fieldRefusal(value, key, place, ancestors, depthMax);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

/** Apart from plainRefusal() so that a getter that throws is reported at its own place. */
function fieldRefusal(value: object, key: string, place: string, ancestors: readonly object[], depthMax: number): Refusal | undefined {
  try {
    return findRefusal((value as Record<string, unknown>)[key], place, ancestors, depthMax);
  } catch (thrown) {
    return { path: place, reason: readingThrew(thrown), cause: thrown };
  }
}

function kindRefusal(
  value: object,
  prototype: object | null,
  path: string,
  ancestors: readonly object[],
  depthMax: number,
): Refusal | undefined {
  const kind = prototype === null ? undefined : kindOf(value, prototype);
  if (kind === undefined) {
    return {
      path,
      reason: `only plain objects, arrays, Map, Set, Date, RegExp, Error, ArrayBuffer, Buffer and typed arrays are data: found ${describe(value)}`,
    };
  }
  const flaw = kind.flaw(value);
  if (flaw !== undefined) return { path, reason: flaw };
  let first: Refusal | undefined;
  let n = 0;
  kind.visit(value, (child) => {
    first ??= findRefusal(child, path + kind.step(value, n), ancestors, depthMax);
    n++;
  });
  return first;
}

function keyStep(key: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}

function ordinal(n: number): string {
  return n === 1 ? "innermost" : `${n}${n === 2 ? "nd" : n === 3 ? "rd" : "th"} innermost`;
}

function readingThrew(thrown: unknown): string {
  return `its parts must be readable: found that reading it threw ${describe(thrown)}`;
}

/** A few words about any value. Never throws. */
export function describe(value: unknown): string {
  try {
    if (typeof value === "function") return value.name === "" ? "an anonymous function" : `function ${value.name}`;
    if (value instanceof Error) return `${value.name}: ${value.message}`;
    if (typeof value === "object" && value !== null) return `an instance of ${className(value)}`;
    return typeof value === "string" ? JSON.stringify(value) : String(value);
  } catch {
    return `a ${typeof value} that cannot be described`;
  }
}

function className(value: object): string {
  const name: unknown = Object.getPrototypeOf(value)?.constructor?.name;
  return typeof name === "string" && name !== "" ? name : "an anonymous class";
}
