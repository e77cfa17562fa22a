/** Judges documents by the published schema of WfFormat 1.5, which lies beside the project: its licence keeps it out. */
import { existsSync, readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { sharedData } from "../../shared-data.fixture.js";

const file = `${sharedData}wfformat/wfcommons-schema-v1.5.json`;

export const hasPublishedSchema = existsSync(file);

/** @param what is tested all the same, but not by the schema */
export function warnWithoutSchema(what: string): void {
  if (!hasPublishedSchema) console.warn(`SKIPPED ${what}: the published schema of WfFormat is not in ../shared/data`);
}

/** What the schema finds wrong with a document; null where it accepts it, or where there is no schema. */
export const schemaFaults: (document: object) => unknown = hasPublishedSchema ? byPublishedSchema() : () => null;

function byPublishedSchema(): (document: object) => unknown {
  const schema = JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>;
  const known = { ...schema, $schema: "http://json-schema.org/draft-07/schema#" }; // the one that it names says no version
  const validate = new Ajv({ strict: false, validateFormats: false, allErrors: true }).compile(known);
  return (document) => (validate(document) ? null : validate.errors);
}
