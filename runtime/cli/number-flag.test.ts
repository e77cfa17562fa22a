import { expect, test } from "vitest";
import { numberOf } from "./number-flag.js";

test.each([
  ["12", 12],
  ["-0.5", -0.5],
  ["+3", 3],
  ["1e-3", 0.001],
  ["2.5E+2", 250],
  ["", ""],
  ["0x10", "0x10"],
  [".5", ".5"],
  ["1e", "1e"],
  ["1 ", "1 "],
  ["Infinity", "Infinity"],
  ["500ms", "500ms"],
])("numberOf(%j) is %j", (text, value) => {
  expect(numberOf(text)).toBe(value);
});
