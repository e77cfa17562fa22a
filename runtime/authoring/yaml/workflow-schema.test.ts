import { Ajv } from "ajv";
import { expect, test } from "vitest";
import schema from "../../../configs/workflow.schema.json" with { type: "json" };
import { schemaMistake } from "./workflow-schema.js";

test("the schema is one, of draft 7", () => {
  const ajv = new Ajv();
  expect(ajv.validateSchema(schema), ajv.errorsText()).toBe(true);
});

test("editors find a description of everything that a file may say", () => {
  const { definitions } = schema;
  const described = [schema, ...Object.values(definitions), ...Object.values(definitions.retry.properties)];
  expect(described.filter(({ description }) => !description.endsWith("."))).toEqual([]);
});

test("a mistake has its path, a reason, and says whether it is the value of an option", () => {
  const task = (options: object) => ({ name: "w", tasks: { a: { run: "m", ...options } } });
  expect(schemaMistake(task({}))).toBeUndefined();
  expect(schemaMistake(task({ retry: { delay: "soon" } }))).toMatchObject({ path: ["tasks", "a", "retry", "delay"], isOptionValue: true });
  expect(schemaMistake({ ...task({}), defaults: { cpus: -1 } })).toMatchObject({ path: ["defaults", "cpus"], isOptionValue: true });
  expect(schemaMistake({ ...task({}), defaults: [] })).toMatchObject({ path: ["defaults"], isOptionValue: false });
  expect(schemaMistake(task({ after: ["b", "b"] }))).toMatchObject({ path: ["tasks", "a", "after"], isOptionValue: false });
  expect(schemaMistake(task({ "a/~b": 1 }))).toMatchObject({ path: ["tasks", "a", "a/~b"], isOptionValue: false });
  expect(schemaMistake({ name: "w", tasks: { "a/~b": { run: "m", cpus: "1" } } })).toMatchObject({ path: ["tasks", "a/~b"] });
});
