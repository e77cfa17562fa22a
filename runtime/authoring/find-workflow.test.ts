import { describe, expect, test } from "vitest";
import { findWorkflow, workflowsOf } from "./find-workflow.js";
import { workflow } from "./workflow.js";

const define = (name: string) => workflow({ name, module: import.meta.url }, () => 1);
const [first, second] = [define("first"), define("second")];

describe("workflowsOf", () => {
  test("finds every exported workflow once", () => {
    expect(workflowsOf({ a: first, b: second, again: first, default: second, other: 1, none: null })).toEqual([first, second]);
  });

  test("finds what a CommonJS module exports", () => {
    expect(workflowsOf({ default: { a: first, b: second, other: 1 } })).toEqual([first, second]);
    expect(workflowsOf({ default: first, "module.exports": first })).toEqual([first]);
  });

  test.each([{}, { a: 1 }, { default: null }, { default: () => first }])("refuses a module without any: %o", (module) => {
    expect(() => workflowsOf(module)).toThrow(expect.objectContaining({ code: "DF_MODULE_NO_WORKFLOW" }));
  });
});

describe("findWorkflow", () => {
  test("finds by the name of the workflow", () => {
    expect(findWorkflow({ a: first, b: second }, "second")).toBe(second);
  });

  test("says which there are", () => {
    expect(() => findWorkflow({ a: first, b: second }, "b")).toThrow(
      expect.objectContaining({ code: "DF_MODULE_NO_WORKFLOW", message: expect.stringContaining("found first, second") }),
    );
  });
});
