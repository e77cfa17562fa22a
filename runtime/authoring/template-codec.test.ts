import fc from "fast-check";
import { expect, test } from "vitest";
import type { Template } from "../../actors/workflow/graph.js";
import { decodeValue, encodeValue } from "../codec/value-codec.js";
import { type PackedTemplate, packTemplate, unpackTemplate } from "./template-codec.js";

const { template } = fc.letrec<{ template: Template }>((tie) => ({
  template: fc.oneof(
    { maxDepth: 4 },
    fc.record({
      kind: fc.constant("constant" as const),
      value: fc
        .jsonValue({ noUnicodeString: true })
        .map((value) => JSON.stringify(value))
        .filter((text) => !text.includes("__proto__")) // no key of data
        .map((text) => JSON.parse(text.replaceAll("-0", "0"))),
    }),
    fc.record({
      kind: fc.constant("ref" as const),
      up: fc.nat(9),
      place: fc.nat(1e9),
      path: fc.array(fc.oneof(fc.constantFrom("url", "length", ""), fc.nat(99))),
    }),
    fc.record({ kind: fc.constant("index" as const), up: fc.nat(9) }),
    fc.record({ kind: fc.constant("list" as const), items: fc.array(tie("template"), { maxLength: 4 }) }),
    fc
      .dictionary(fc.constantFrom("a", "b", "kind"), tie("template"))
      .map((fields) => ({ kind: "object" as const, keys: Object.keys(fields), values: Object.values(fields) })),
  ),
}));

test("a template survives packing and the codec", () => {
  fc.assert(
    fc.property(template, fc.nat(1e9), (one, own) => {
      expect(unpackTemplate(decodeValue(encodeValue(packTemplate(one, own))) as PackedTemplate, own)).toEqual(one);
    }),
  );
});

test("a ref of the whole output of an earlier task takes 5 bytes", () => {
  expect(encodeValue(packTemplate({ kind: "ref", up: 0, place: 1017, path: [] }, 1034))).toHaveLength(4);
  expect(encodeValue(packTemplate({ kind: "ref", up: 0, place: 1000, path: [] }, 1200))).toHaveLength(5);
});

test("an unknown tag is refused", () => {
  expect(() => unpackTemplate([9])).toThrow(expect.objectContaining({ code: "DF_FRAME_CORRUPT" }));
});
