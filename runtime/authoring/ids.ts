import { DataFlowerError } from "../../actors/kernel/errors.js";
import { found } from "./found.js";

/**
 * Names of workflows and tasks. They become keys of objects, parts of paths and labels of metrics, so they hold nothing that any of
 * these would read as more than a name.
 */
const pattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

/** Names that mean something to JavaScript itself when they are the key of an object, or a step of a ref. */
export const reservedNames: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);

export const isId = (value: unknown): value is string => typeof value === "string" && pattern.test(value) && !reservedNames.has(value);

/** @param what the place of the name, such as `workflow.name` */
export function requireId(what: string, value: unknown): string {
  if (isId(value)) return value;
  throw new DataFlowerError(
    "DF_SPEC_INVALID",
    `Cannot use this name for ${what} as names are 1 to 128 letters, digits, ".", "_" and "-", start with a letter or digit, and are none of ${[...reservedNames].join(", ")}: found ${found(value)}`,
  );
}

/** Longest name made from a handler's, so that a number of any size still fits behind it. */
const idFromLengthMax = 100;

/** The nearest legal name to a function's, or `otherwise` where nothing of it is legal: `bound load` becomes `bound-load`. */
export function idFrom(functionName: string, otherwise: string): string {
  if (isId(functionName) && functionName.length <= idFromLengthMax) return functionName;
  const id = functionName
    .replace(/[^A-Za-z0-9._-]+/g, "-")
    .replace(/^[._-]+|-+$/g, "")
    .slice(0, idFromLengthMax);
  return isId(id) ? id : otherwise;
}
