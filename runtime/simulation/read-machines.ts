import { parseDocument } from "yaml";
import { DataFlowerError } from "../../actors/kernel/errors.js";
import type { Machine } from "./machine.js";
import { machinesOf } from "./machine-list.js";

/**
 * Reads machines from YAML: a list of MachineOptions.
 *
 * @throws DF_SPEC_INVALID with file and line for text that is no YAML, DF_OPTION_INVALID for what breaks a rule of an option
 */
export function readMachines(text: string, file: string): readonly Machine[] {
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error !== undefined) refuse(`${file}:${error.linePos?.[0].line ?? 1}`, error.message.split("\n")[0] as string); // split gives one at least
  return machinesOf(file, toPlain(document, file));
}

/** Aliases that stand for very many nodes are refused by the parser. */
function toPlain(document: ReturnType<typeof parseDocument>, file: string): unknown {
  try {
    return document.toJS();
  } catch (error) {
    refuse(file, (error as Error).message);
  }
}

function refuse(place: string, found: string): never {
  throw new DataFlowerError("DF_SPEC_INVALID", `Cannot read ${place} as machines are listed in YAML: found ${found}`);
}
