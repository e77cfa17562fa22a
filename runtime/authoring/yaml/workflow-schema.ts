import { Ajv, type ErrorObject, type ValidateFunction } from "ajv";
import schema from "../../../configs/workflow.schema.json" with { type: "json" };
import { found } from "../found.js";
import type { YamlPath } from "./yaml-source.js";

/** Where a file breaks its schema. */
export interface SchemaMistake {
  readonly path: YamlPath;
  /** "<rule>: found <what>" */
  readonly reason: string;
  /** A known option whose value is wrong, at {@link SchemaMistake.path} or around it. */
  readonly isOptionValue: boolean;
}

let validator: ValidateFunction | undefined;

/**
 * Looks at data by configs/workflow.schema.json, which says all of a workflow but what relates one part of it to another: refs, cycles,
 * the range of a quantity with a unit.
 *
 * @returns the first mistake; undefined where there is none
 */
export function schemaMistake(value: unknown): SchemaMistake | undefined {
  validator ??= compiled();
  return validator(value) ? undefined : mistakeOf(validator.errors!.at(-1)!); // it has errors exactly where it answers no
}

function compiled(): ValidateFunction {
  return new Ajv({
    allowUnionTypes: true,
    strictNumbers: false, // Infinity is a time-out; NaN is refused by the ranges
    verbose: true,
    meta: false, // that the schema is one is known, and looking again would take longer than reading a file
    validateSchema: false,
  }).compile(schema);
}

function mistakeOf(error: ErrorObject): SchemaMistake {
  const around = stepsOf(error.instancePath);
  switch (error.keyword) {
    case "additionalProperties":
      return {
        path: [...around, error.params.additionalProperty as string],
        reason: `there is no such key: known are ${Object.keys(error.parentSchema!.properties).join(", ")}`,
        isOptionValue: false,
      };
    case "propertyNames":
      return {
        path: [...around, error.params.propertyName as string],
        reason: `it breaks the rule of names (${schema.definitions.taskName.description}): found ${found(error.params.propertyName)}`,
        isOptionValue: false,
      };
    case "required":
      return { path: around, reason: `it must have a key ${error.params.missingProperty}: found none`, isOptionValue: false };
    default:
      return { path: around, reason: `it ${ruleOf(error)}: found ${found(error.data)}`, isOptionValue: isInOption(around) };
  }
}

function ruleOf({ keyword, params, message = "is not valid" }: ErrorObject): string {
  if (keyword === "enum") return `must be one of ${(params.allowedValues as unknown[]).join(", ")}`;
  if (keyword === "type") return `must be of type ${[params.type as string | string[]].flat().join(" or ")}`;
  return message;
}

/** `tasks.NAME.OPTION…` or `defaults.OPTION…` */
function isInOption([part, second, third]: YamlPath): boolean {
  if (part === "defaults") return second !== undefined;
  return part === "tasks" && third !== undefined && !["run", "inputs", "after"].includes(String(third));
}

/** A JSON pointer's steps. */
function stepsOf(pointer: string): string[] {
  const steps = pointer.split("/").slice(1);
  return steps.map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
}
