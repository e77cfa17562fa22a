import { describe, expect, test } from "vitest";
import { pick } from "./pick.js";

describe("pick", () => {
  test.each<[(string | number)[], unknown]>([
    [[], { a: [{ b: 1 }, null], length: 2 }],
    [["a"], [{ b: 1 }, null]],
    [["a", 0, "b"], 1],
    [["a", 1], null],
    [["length"], 2],
  ])("%j leads to what is there", (path, found) => {
    expect(pick({ a: [{ b: 1 }, null], length: 2 }, path)).toEqual(found);
  });

  test.each<[(string | number)[]]>([
    [["none"]],
    [["a", "none", "deeper"]],
    [["nothing", "deeper"]],
    [["text", "length"]],
    [["a", 7]],
    [["a", -1]],
  ])("%j leads nowhere: undefined", (path) => {
    expect(pick({ a: [1], nothing: null, text: "abc" }, path)).toBe(undefined);
  });

  test.each(["constructor", "__proto__", "prototype", "toString", "hasOwnProperty", "valueOf"])("never reaches the inherited %s", (key) => {
    for (const value of [{}, [], new Map(), new Date(0), /x/, new Error("x"), "text", 1, 1n, true, null, undefined]) {
      expect(pick(value, [key])).toBe(undefined);
      expect(pick({ value }, ["value", key, "name"])).toBe(undefined);
    }
  });

  test("reaches fields that only bear such a name", () => {
    expect(pick({ constructor: { name: "own" }, toString: 1 }, ["constructor", "name"])).toBe("own");
    expect(pick({ toString: 1 }, ["toString"])).toBe(1);
  });

  test("reads an item of a list, and not what a Map holds", () => {
    expect(pick([5, 6], ["1"])).toBe(6);
    expect(pick(new Map([["a", 1]]), ["a"])).toBe(undefined);
  });
});
