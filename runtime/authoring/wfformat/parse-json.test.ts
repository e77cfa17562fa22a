import { describe, expect, test } from "vitest";
import { nestingMax, parseJson, wfFormatBytesMax } from "./parse-json.js";

const parse = (text: string) => parseJson(text, "trace.json");
const refusal = (reason: string) =>
  expect.objectContaining({ code: "DF_SPEC_INVALID", message: expect.stringContaining(`Cannot read trace trace.json as ${reason}`) });

describe("parseJson", () => {
  test.each(['{"a":[1,{"b":"[[[{\\"{{"}],"c":"\\\\"}', '"\\\\\\""', "[]", " 1 "])("reads %s", (text) => {
    expect(parse(text)).toEqual(JSON.parse(text));
  });

  test("reads lists and objects as deep as the limit, and any brackets in strings", () => {
    const deep = "[".repeat(nestingMax) + "]".repeat(nestingMax);
    expect(parse(deep)).toEqual(JSON.parse(deep));
    expect(parse(JSON.stringify("[".repeat(1000)))).toBe("[".repeat(1000));
  });

  test("refuses what is deeper, wherever it lies", () => {
    const rule = `lists and objects may lie at most ${nestingMax} deep in each other: found a deeper one at line 2, column ${nestingMax + 6}`;
    expect(() => parse(`{\n"a\\"":${"[".repeat(100_000)}`)).toThrow(refusal(rule));
  });

  test.each([
    ["", "its end at line 1, column 1"],
    ['{"a":\n  1,', "its end at line 2, column 5"],
    ['{"a": "b', `"\\"b" at line 1, column 7`],
    ["{\n\n  a: 1}", `"a: 1}" at line 3, column 3`],
    ['{"a": NaN, "b": 1, "c": 2, "d": 3}', `"NaN, \\"b\\": 1, \\"c\\": 2, \\"d\\"" at line 1, column 7`],
  ])("says where %j is no JSON", (text, reason) => {
    expect(() => parse(text)).toThrow(refusal(`it must be JSON: found ${reason}`));
  });

  test("refuses a text that is too large before it looks at it", () => {
    expect(() => parse(" ".repeat(wfFormatBytesMax + 1))).toThrow(refusal(`it may have at most ${wfFormatBytesMax} bytes: found more`));
  });
});
