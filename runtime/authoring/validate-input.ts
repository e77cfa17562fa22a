import { DataFlowerError } from "../../actors/kernel/errors.js";
import type { Schema, SchemaIssue, SchemaResult } from "./schema.js";

/**
 * Checks the input of a run by its workflow's schema. Schemas may answer at once or later; so does this.
 *
 * @param workflow name, for the message
 * @returns what the schema makes of the input: defaults filled in, values converted; the input itself where there is no schema
 * @throws DF_INPUT_INVALID listing every issue with its path
 */
export function validateInput(workflow: string, schema: Schema<unknown, unknown> | undefined, input: unknown): unknown | Promise<unknown> {
  if (schema === undefined) return input;
  const result = attempt(workflow, () => schema["~standard"].validate(input));
  if (!(result instanceof Promise)) return accept(workflow, result);
  return result.then(
    (later) => accept(workflow, later),
    (cause: unknown) => refuseThrown(workflow, cause),
  );
}

function accept(workflow: string, result: SchemaResult<unknown>): unknown {
  if (result.issues === undefined) return result.value;
  const issues = result.issues.map((issue) => `${pathText(issue)}: ${issue.message}`);
  throw new DataFlowerError(
    "DF_INPUT_INVALID",
    `Cannot accept the input of ${workflow} as it must fit the workflow's schema: found ${issues.join("; ")}`,
  );
}

function attempt<T>(workflow: string, validate: () => T): T {
  try {
    return validate();
  } catch (cause) {
    refuseThrown(workflow, cause);
  }
}

function refuseThrown(workflow: string, cause: unknown): never {
  throw new DataFlowerError(
    "DF_INPUT_INVALID",
    `Cannot accept the input of ${workflow} as its schema must be able to check it: found that the schema threw`,
    { cause },
  );
}

/** `input.pages[3].url` */
function pathText({ path = [] }: SchemaIssue): string {
  const steps = path.map((step) => {
    const key = typeof step === "object" ? step.key : step;
    return typeof key === "number" ? `[${key}]` : `.${String(key)}`;
  });
  return `input${steps.join("")}`;
}
