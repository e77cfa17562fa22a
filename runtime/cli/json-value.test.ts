import fc from "fast-check";
import { expect, test } from "vitest";
import { jsonLine, jsonThrown, jsonValue } from "./json-value.js";

test.each([
  ["null", null, null],
  ["a text", "a", "a"],
  ["a number", 1.5, 1.5],
  ["undefined", undefined, { $type: "undefined" }],
  ["NaN", Number.NaN, { $type: "number", value: "NaN" }],
  ["an infinity", Number.NEGATIVE_INFINITY, { $type: "number", value: "-Infinity" }],
  ["a BigInt", 2n ** 64n, { $type: "bigint", value: "18446744073709551616" }],
  ["a date", new Date(0), { $type: "Date", value: "1970-01-01T00:00:00.000Z" }],
  ["a pattern", /a+/gi, { $type: "RegExp", value: "/a+/gi" }],
  ["a map", new Map<unknown, unknown>([[1n, { a: undefined }]]), mapOfOne()],
  ["a set", new Set(["a", Number.NaN]), { $type: "Set", value: ["a", { $type: "number", value: "NaN" }] }],
  ["a buffer", Buffer.from("hi"), { $type: "Buffer", value: "aGk=" }],
  ["a part of bytes", new Uint8Array([1, 2, 3]).subarray(1), { $type: "Uint8Array", value: "AgM=" }],
  ["an ArrayBuffer", new Uint8Array([1]).buffer, { $type: "ArrayBuffer", value: "AQ==" }],
  ["a typed array", new Float32Array([0.5]), { $type: "Float32Array", value: [0.5] }],
  ["a typed array of BigInts", new BigInt64Array([-1n]), { $type: "BigInt64Array", value: [{ $type: "bigint", value: "-1" }] }],
  ["an object that looks like one of these", { $type: "Date", value: 1 }, { $type: "Object", value: [["$type", "Date"], ["value", 1]] }], // biome-ignore format: one row
])("%s", (_, value, json) => expect(jsonValue(value)).toEqual(json));

function mapOfOne() {
  return { $type: "Map", value: [[{ $type: "bigint", value: "1" }, { a: { $type: "undefined" } }]] };
}

test("what JSON can hold stays as it is, unless it has a field $type", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      fc.pre(!JSON.stringify(value).includes('"$type"'));
      expect(JSON.parse(jsonLine(jsonValue(value)))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

test("an error keeps its fields and causes, and is wrapped only where it is part of a value", () => {
  const error = Object.assign(new TypeError("outer", { cause: new RangeError("inner", { cause: 1n }) }), { code: "E_X", size: 2n });
  const { stack, ...json } = jsonThrown(error) as Record<string, unknown>;
  expect(stack).toContain("TypeError: outer");
  expect(json).toMatchObject({
    name: "TypeError",
    message: "outer",
    code: "E_X",
    size: { $type: "bigint", value: "2" },
    cause: { name: "RangeError", message: "inner", cause: { $type: "bigint", value: "1" } },
  });
  expect(jsonValue([error])).toMatchObject([{ $type: "Error", value: { name: "TypeError" } }]);
});

test("a line holds no character that a terminal would obey, and loses none", () => {
  const text = "\u001b[31m\u009b\u007f\u202e\n\u2028";
  const line = jsonLine({ [text]: text });
  expect(line.slice(0, -1)).toMatch(/^[\x20-\x7e]*$/);
  expect(JSON.parse(line)).toEqual({ [text]: text });
});
