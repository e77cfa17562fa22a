import { createRequire } from "node:module";
import type { ValidateFunction } from "ajv";
import { found } from "../found.js";
import { refuse } from "./refuse.js";
import { isKnownVersion, schemaOf } from "./schema.js";
import { wfFormatVersions } from "./versions.js";

/** The schemas are our own and known to be right, so nothing is spent on checking them. */
const options = { verbose: true, meta: false, validateSchema: false, strict: false } as const;

/** Loaded and compiled on first use: both take time, and few programs read traces. */
const validators = new Map<string, ValidateFunction>();

/**
 * Checks a document against the schema of the version that it names.
 *
 * @returns that version
 * @throws DF_SPEC_INVALID with the JSON pointer of the first place that breaks a rule
 */
export function validate(document: unknown, file: string): string {
  const version = versionOf(document, file);
  const validator = validatorOf(version);
  if (validator(document)) return version;
  const { instancePath, message, data } = validator.errors![0]!; // there is one where it says no
  refuse(file, `${instancePath === "" ? "the document" : instancePath} ${message}`, found(data));
}

function versionOf(document: unknown, file: string): string {
  if (typeof document !== "object" || document === null || Array.isArray(document))
    refuse(file, "the document must be an object", found(document));
  const { schemaVersion } = document as { readonly schemaVersion?: unknown };
  if (isKnownVersion(schemaVersion)) return schemaVersion;
  refuse(
    file,
    `/schemaVersion must be one of the versions of WfFormat that are read, ${wfFormatVersions.join(", ")}`,
    found(schemaVersion),
  );
}

function validatorOf(version: string): ValidateFunction {
  const known = validators.get(version);
  if (known !== undefined) return known;
  const { Ajv } = createRequire(import.meta.url)("ajv") as typeof import("ajv");
  const compiled = new Ajv(options).compile(schemaOf(version));
  validators.set(version, compiled);
  return compiled;
}
