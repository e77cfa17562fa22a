import { DataFlowerError } from "../../actors/kernel/errors.js";
import { found } from "../authoring/found.js";

/** Where this package lies: an error from there is no module's fault. */
const ownFolder = new URL("../../", import.meta.url).href;

/**
 * The error to tell for one that nobody awaited or caught: mostly what a module has left running when it was loaded, a promise or
 * a timer of its own.
 */
export function strayError(error: unknown): unknown {
  const isOurs = error instanceof Error && (error.name === "DataFlowerError" || firstFile(error)?.startsWith(ownFolder) === true);
  if (isOurs) return error;
  const what = error instanceof Error ? `${error.name}: ${error.message}` : found(error);
  return new DataFlowerError("DF_MODULE_FAILED", `Cannot go on as a module must leave nothing behind that fails: found ${what}`, {
    cause: error,
  });
}

/** The innermost frame that lies in a file. */
const firstFile = (error: Error): string | undefined => /\bat (?:.*\()?(file:[^\s()]+)/.exec(error.stack ?? "")?.[1];
