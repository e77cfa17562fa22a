import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";

/** Files of results, each with a schema of its own: a line of samples.jsonl, summary.json, environment.json, run.json. */
export const resultKinds = ["sample", "summary", "environment", "run"] as const;
export type ResultKind = (typeof resultKinds)[number];

/** A published schema, as other programs read it. */
export function resultSchema(kind: ResultKind): Readonly<Record<string, unknown>> {
  const file = fileURLToPath(new URL(`../../configs/schemas/${kind}.schema.json`, import.meta.url));
  return JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>; // as: schemas are objects; Ajv refuses others
}

const ajv = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true, strictRequired: false, strictTypes: false });
const validators = new Map<ResultKind, ValidateFunction>();

/** What the published schema has against a value, as it is after JSON: the place and what must be there. Empty where it is right. */
export function schemaProblems(kind: ResultKind, value: unknown): string[] {
  const validate = validators.get(kind) ?? ajv.compile(resultSchema(kind));
  validators.set(kind, validate);
  validate(JSON.parse(JSON.stringify(value)));
  return (validate.errors ?? []).map(({ instancePath, message, params }) => `${instancePath}: ${message} ${JSON.stringify(params)}`);
}
