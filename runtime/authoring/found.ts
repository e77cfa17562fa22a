import { inspect } from "node:util";

const lengthMax = 120;

/** A value as the end of an error message: short, on one line, and safe for refs, cycles and objects that throw when they are looked at. */
export function found(value: unknown): string {
  const text = shown(value).replace(/\s+/g, " ");
  return text.length <= lengthMax ? text : `${text.slice(0, lengthMax - 1)}…`;
}

function shown(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  try {
    return inspect(value, { depth: 1, breakLength: Number.POSITIVE_INFINITY, maxArrayLength: 5, maxStringLength: 60 });
  } catch {
    return `a value of type ${typeof value} that cannot be shown`;
  }
}
