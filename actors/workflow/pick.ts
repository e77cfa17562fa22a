import type { Path } from "./scope.js";

/** What a path of field names leads to. A missing object or field gives undefined, as `?.` does; inherited fields are never reached. */
export function pick(value: unknown, path: Path): unknown {
  let found = value;
  for (const key of path) {
    if (typeof found !== "object" || found === null || !Object.hasOwn(found, key)) return undefined;
    found = (found as Record<string | number, unknown>)[key]; // an own field of an object
  }
  return found;
}
