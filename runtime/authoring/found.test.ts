import { describe, expect, test } from "vitest";
import { createRef } from "./building/ref-proxy.js";
import { found } from "./found.js";

const hostile = {
  get [Symbol.toStringTag](): string {
    throw new Error("do not look");
  },
};

describe("found", () => {
  test.each([
    ["text", '"text"'],
    ["two\nlines", '"two\\nlines"'],
    [Number.NaN, "NaN"],
    [undefined, "undefined"],
    [{ a: { b: { c: 1 } } }, "{ a: { b: [Object] } }"],
    [[1, 2, 3, 4, 5, 6, 7], "[ 1, 2, 3, 4, 5, ... 2 more items ]"],
    [createRef({ label: () => "load" }, 1), "[Ref load]"],
    [hostile, "a value of type object that cannot be shown"],
  ] as [unknown, string][])("case %# is shown", (value, text) => {
    expect(found(value)).toBe(text);
  });

  test("is short and on one line", () => {
    const text = found({ a: "x".repeat(500), b: { c: ["\n"], d: "y".repeat(500) } });
    expect(text.length).toBeLessThanOrEqual(120);
    expect(text).not.toContain("\n");
  });
});
