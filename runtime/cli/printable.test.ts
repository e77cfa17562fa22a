import fc from "fast-check";
import { expect, test } from "vitest";
import { printable, printableLine } from "./printable.js";

test("control characters and marks of direction go, tabs and line feeds stay", () => {
  expect(printable("a\u001b[31mb\u009bc\r\n\td\u0000\u007f\u202ee\u2066")).toBe("a[31mbc\n\tde");
});

test("a line is one line", () => {
  expect(printableLine(" a\r\n\tb\u2028c\u0085d ")).toBe("a b cd");
});

test("no text keeps anything that a terminal obeys", () => {
  const obeyed = /(?![\t\n])\p{Cc}|[\u200e\u200f\u061c\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => !obeyed.test(printable(text))));
});
