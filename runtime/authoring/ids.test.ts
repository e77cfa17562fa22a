import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { idFrom, isId, requireId } from "./ids.js";

describe("ids", () => {
  test.each(["a", "A9", "resize", "word-count", "v1.2_b", "0", "x".repeat(128)])("%s is legal", (id) => {
    expect(requireId("x", id)).toBe(id);
  });

  test.each([
    "",
    "-a",
    ".a",
    "_a",
    "a b",
    "a/b",
    "a:b",
    "größe",
    "a\n",
    "x".repeat(129),
    "__proto__",
    "constructor",
    "prototype",
    1,
    null,
    undefined,
    {},
  ])("%s is not legal", (id) => {
    expect(() => requireId("workflow.name", id)).toThrow(expect.objectContaining({ code: "DF_SPEC_INVALID" }));
  });

  test("the message names the place and what was found", () => {
    expect(() => requireId("workflow.name", "a b")).toThrow(/workflow\.name.*found "a b"/);
  });
});

describe("idFrom", () => {
  test.each([
    ["resize", "resize"],
    ["bound load", "bound-load"],
    ["_private", "private"],
    ["$", "task"],
    ["", "task"],
    ["constructor", "task"],
    ["größe", "gr-e"],
    ["x".repeat(300), "x".repeat(100)],
  ])("%s becomes %s", (name, id) => {
    expect(idFrom(name, "task")).toBe(id);
  });

  test("is always legal, with any number behind it", () => {
    fc.assert(fc.property(fc.string({ unit: "grapheme" }), (name) => isId(`${idFrom(name, "task")}-1000000`)));
  });
});
