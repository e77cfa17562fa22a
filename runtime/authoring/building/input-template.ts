import { DataFlowerError } from "../../../actors/kernel/errors.js";
import { checkValue, valueDepthMax } from "../../../actors/kernel/value.js";
import type { Template } from "../../../actors/workflow/graph.js";
import { type RefState, refState } from "./ref-proxy.js";

/** Turns a ref into a template, or refuses it; `path` is where it was found. */
export type RefTemplate = (ref: RefState, path: string) => Template;

/**
 * Turns what a user gave, a structure that may hold refs, into a template. Refs are found in arrays and plain objects; everything
 * else is a constant and has to be data.
 *
 * @param path of `value`, for messages
 * @throws DF_UNSERIALIZABLE if a part is not data
 */
export function inputTemplate(value: unknown, path: string, ofRef: RefTemplate, depth = 0): Template {
  const ref = refState(value);
  if (ref !== undefined) return ofRef(ref, path);
  const members = structureMembers(value);
  if (members === undefined || !members.some((member) => holdsRef(member))) return constant(value, path);
  if (depth === valueDepthMax) refuse(path, `data must not contain itself or nest deeper than ${valueDepthMax} containers: found one more`);
  const template = (member: unknown, memberPath: string) => inputTemplate(member, memberPath, ofRef, depth + 1);
  if (Array.isArray(value)) return { kind: "list", items: value.map((item, at) => template(item, `${path}[${at}]`)) };
  const keys = Object.keys(value as object); // members are those of an array or a plain object
  return { kind: "object", keys, values: keys.map((key, at) => template(members[at], `${path}.${key}`)) };
}

function constant(value: unknown, path: string): Template {
  try {
    checkValue(value);
  } catch (error) {
    // The check calls what it is given `$`. Here that is a part of something larger.
    if (error instanceof DataFlowerError)
      throw new DataFlowerError(
        error.code,
        error.message.replace("$", () => path),
        { cause: error.cause },
      );
    throw error;
  }
  return { kind: "constant", value };
}

function holdsRef(value: unknown, seen?: Set<unknown>): boolean {
  if (refState(value) !== undefined) return true;
  if (typeof value !== "object" || value === null || seen?.has(value)) return false;
  seen ??= new Set();
  seen.add(value); // structures that hold themselves end here; that they are no data is found later
  return structureMembers(value)?.some((member) => holdsRef(member, seen)) ?? false;
}

/** What an array or a plain object holds; undefined for all else. Structures that are not data hold nothing: they are refused as constants. */
function structureMembers(value: unknown): readonly unknown[] | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (Array.isArray(value)) return prototype === Array.prototype && isDense(value) ? value : undefined;
  if (prototype !== Object.prototype && prototype !== null) return undefined;
  return Object.hasOwn(value, "__proto__") ? undefined : Object.values(value);
}

function isDense(items: readonly unknown[]): boolean {
  for (let at = 0; at < items.length; at++) if (items[at] === undefined && !Object.hasOwn(items, at)) return false;
  return true;
}

function refuse(path: string, reason: string): never {
  throw new DataFlowerError("DF_UNSERIALIZABLE", `Cannot take ${path} as data as ${reason}`);
}
