import { inspect } from "node:util";
import { printable } from "./printable.js";

/** A result for people: text as it is, everything else as Node shows it. Long lists are shortened; `--json` shortens nothing. */
export function readable(value: unknown): string {
  return printable(typeof value === "string" ? value : inspect(value, { depth: null, sorted: false, maxStringLength: 10_000 }));
}
