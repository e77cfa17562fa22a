import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { jsonMistake } from "./json-mistake.js";

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

describe("jsonMistake", () => {
  test.each([
    ["", 0],
    ["  ", 2],
    ['{"a":\n 1,', 9],
    ['{"a": "b', 6],
    ["{a: 1}", 1],
    ['{"a": NaN}', 6],
    ['{"a": }', 6],
    ["[1,]", 3],
    ["[1}", 2],
    ["[01]", 1],
    ["1 2", 2],
    ['{"a" 1}', 5],
    ['"\\x"', 0],
    ["[]]", 2],
    ["[1, 2]", -1],
  ])("of %j is %i", (text, position) => {
    expect(jsonMistake(text)).toBe(position);
  });

  test("finds the end of strings of any length", () => {
    const long = "\\\\n".repeat(1_000_000);
    expect(jsonMistake(`["${long}" 1]`)).toBe(long.length + 4);
    expect(jsonMistake(`["${long}`)).toBe(1);
  });

  test("agrees with the engine's parser on what is JSON", () => {
    const pieces = fc.constantFrom(
      "{",
      "}",
      "[",
      "]",
      ",",
      ":",
      " ",
      "\n",
      '"a"',
      '"',
      "\\",
      "\\u00e4",
      "0",
      "-1.5e3",
      "true",
      "null",
      "nul",
      "-",
      ".",
    );
    const scraps = fc.array(pieces, { maxLength: 12 }).map((parts) => parts.join(""));
    const cut = fc.tuple(fc.json(), fc.nat(), fc.nat(2)).map(([text, at, length]) => {
      const start = at % (text.length + 1);
      return text.slice(0, start) + text.slice(start + length);
    });
    fc.assert(
      fc.property(fc.oneof(scraps, cut), (text) => {
        expect(jsonMistake(text) === -1).toBe(isJson(text));
      }),
      { numRuns: 3000 },
    );
  });
});
