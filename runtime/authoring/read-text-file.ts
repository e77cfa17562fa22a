import { readFileSync, statSync } from "node:fs";
import { DataFlowerError } from "../../actors/kernel/errors.js";

/** Longest file that is read, in bytes. */
const fileBytesMax = 256 * 1024 * 1024;

/**
 * The text of a file.
 *
 * @param path of the option that names it
 * @throws DF_OPTION_INVALID if it cannot be read, DF_SPEC_INVALID if it is too large or no UTF-8
 */
export function readTextFile(path: string, file: string): string {
  let bytes: Uint8Array;
  try {
    const { size } = statSync(file);
    if (size > fileBytesMax) refuse("DF_SPEC_INVALID", file, `it must be at most ${fileBytesMax} bytes`, `${size}`);
    bytes = readFileSync(file);
  } catch (error) {
    if (error instanceof DataFlowerError) throw error;
    refuse("DF_OPTION_INVALID", file, `${path} must name a file that can be read`, (error as Error).message);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    refuse("DF_SPEC_INVALID", file, "it must be UTF-8", "other bytes");
  }
}

function refuse(code: "DF_OPTION_INVALID" | "DF_SPEC_INVALID", file: string, rule: string, found: string): never {
  throw new DataFlowerError(code, `Cannot read ${file} as ${rule}: found ${found}`);
}
