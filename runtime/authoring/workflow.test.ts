import { describe, expect, test } from "vitest";
import { z } from "zod";
import { definitionOf, requireDefinition, workflow } from "./workflow.js";

// biome-ignore lint/suspicious/noExplicitAny: these tests hand in what the types refuse
const define = (options: any, build: any = () => 1) => workflow(options, build) as any;
const good = { name: "thumbnails", module: import.meta.url };

describe("workflow()", () => {
  test("defines without running the builder", () => {
    const build = () => {
      throw new Error("must not run");
    };
    expect(define(good, build).name).toBe("thumbnails");
    expect(definitionOf(define(good, build))).toMatchObject({
      ...good,
      build,
      whenTaskFails: "stop",
      defaults: {},
      inputSchema: undefined,
    });
  });

  test("keeps schema, defaults and what a failed task means", () => {
    const input = z.string();
    const definition = definitionOf(define({ ...good, input, whenTaskFails: "continue", defaults: { retry: 1 } }));
    expect(definition).toMatchObject({ inputSchema: input, whenTaskFails: "continue", defaults: { retry: 1 } });
  });

  test("takes an absolute path for a module, spaces and all", () => {
    expect(definitionOf(define({ ...good, module: "/my work/flow.js" }))).toMatchObject({ module: "file:///my%20work/flow.js" });
  });

  test("cannot be changed", () => {
    expect(() => {
      define(good).name = "other";
    }).toThrow(TypeError);
  });

  test.each([
    ["an illegal name", { ...good, name: "my workflow" }, "DF_SPEC_INVALID"],
    ["a reserved name", { ...good, name: "__proto__" }, "DF_SPEC_INVALID"],
    ["no name", { module: good.module }, "DF_SPEC_INVALID"],
    ["no module", { name: "n" }, "DF_SPEC_INVALID"],
    ["a relative module", { ...good, module: "./flow.js" }, "DF_SPEC_INVALID"],
    ["a module of the web", { ...good, module: "https://example.com/flow.js" }, "DF_SPEC_INVALID"],
    ["an unknown option", { ...good, retry: 3 }, "DF_OPTION_INVALID"],
    ["a schema that is none", { ...good, input: {} }, "DF_OPTION_INVALID"],
    ["a schema that is null", { ...good, input: null }, "DF_OPTION_INVALID"],
    ["bad defaults", { ...good, defaults: { timeout: "soon" } }, "DF_OPTION_INVALID"],
    ["a bad whenTaskFails", { ...good, whenTaskFails: "panic" }, "DF_OPTION_INVALID"],
    ["options that are none", "thumbnails", "DF_OPTION_INVALID"],
  ])("refuses %s", (_, options, code) => {
    expect(() => define(options)).toThrow(expect.objectContaining({ code }));
  });

  test("refuses a builder that is no function", () => {
    expect(() => define(good, {})).toThrow(expect.objectContaining({ code: "DF_SPEC_INVALID" }));
  });
});

describe("a workflow of another copy of the package", () => {
  test("is known by its registered symbol", () => {
    const definition = definitionOf(define(good));
    expect(definitionOf({ name: "copy", [Symbol.for("dataflower.workflow")]: definition })).toBe(definition);
  });

  test.each([null, undefined, 1, "w", {}, () => 1])("%s is no workflow", (value) => {
    expect(definitionOf(value)).toBeUndefined();
    expect(() => requireDefinition(value)).toThrow(expect.objectContaining({ code: "DF_SPEC_INVALID" }));
  });
});
