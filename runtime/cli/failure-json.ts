import type { DataFlowerError } from "../../actors/kernel/errors.js";
import { errorCodeOf } from "./exit-code.js";
import { type Json, jsonThrown } from "./json-value.js";

/** The field `error` of what `--json` prints. Fields that an error has not are null. */
export function failureJson(error: unknown): Json {
  const { message, cause, ...fields } = error instanceof Error ? error : new Error(String(error));
  const { task = null, attempts = null } = fields as Partial<Pick<DataFlowerError, "task" | "attempts">>; // undefined in other errors
  return { code: errorCodeOf(error), message, task, attempts, cause: cause === undefined ? null : jsonThrown(cause) };
}
