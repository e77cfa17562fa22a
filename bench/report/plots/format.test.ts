import { expect, test } from "vitest";
import { type Format, written } from "./format.js";

test.each<[Format, number, string]>([
  ["rate", 73_512, "73.5 k"],
  ["ns", 512, "512 ns"],
  ["ns", 73_512, "73.5 µs"],
  ["us", 73_512, "73.5 ms"],
  ["ms", 73_512, "73.5 s"],
  ["factor", 1.2514, "1.25 ×"],
  ["factor", 1, "1 ×"],
  ["factor", 25_300, "25.3 k ×"],
  ["share", 0.1234, "12 %"],
  ["share", 0.0045, "0.45 %"],
  ["share", 0, "0 %"],
  ["points", 0.1234, "12.3"],
  ["count", 12_345, "12,345"],
  ["bytes", 1_500_000, "1.50 MB"],
  ["bytes", 12, "12 B"],
  ["usd", 0.0123, "$0.012"],
  ["usd", 0, "$0"],
  ["usd", 1234, "$1,234"],
  ["rate", Number.NaN, "–"],
])("%s of %d is %s", (format, value, text) => {
  expect(written(value, format)).toBe(text);
});
