import { DataFlowerError } from "../../../actors/kernel/errors.js";

/** @param rule what must hold of which place of the file */
export function refuse(file: string, rule: string, what: string): never {
  throw new DataFlowerError("DF_SPEC_INVALID", `Cannot read trace ${file} as ${rule}: found ${what}`);
}
