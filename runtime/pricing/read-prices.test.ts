import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { expectRefusal } from "../simulation/refusals.fixture.js";
import { readPrices } from "./read-prices.js";

const text = readFileSync(fileURLToPath(new URL("../../configs/prices.yaml", import.meta.url)), "utf8");

/** The line in which a text stands first, once a part of it has been replaced. */
function changed(from: string, to: string, at: string): { readonly text: string; readonly line: number } {
  expect(text).toContain(from);
  const other = text.replace(from, to);
  return { text: other, line: other.slice(0, other.indexOf(at)).split("\n").length };
}

describe("readPrices", () => {
  test("reads the shipped sheet", () => {
    const lambda = { roundingMs: 1, memoryMb: { min: 128, max: 10_240, step: 1 }, coreMb: 1_769, durationMsMax: 900_000 };
    expect(readPrices(text, "p.yaml")).toEqual({
      date: "2026-05-11",
      functions: {
        "lambda-x86": { ...lambda, usdPerGbSecond: 0.0000166667, usdPerMillionRequests: 0.2 },
        "lambda-arm": { ...lambda, usdPerGbSecond: 0.0000133334, usdPerMillionRequests: 0.2 },
      },
      workers: { local: { usdPerCoreHour: 0.037, usdPerGbHour: 0.00275 } },
    });
  });

  test.each([
    ["a missing price", "usdPerGbSecond: 0.0000166667", "", "lambda-x86:", /functions\.lambda-x86\.usdPerGbSecond .*found undefined/],
    [
      "a negative price",
      "usdPerGbSecond: 0.0000133334",
      "usdPerGbSecond: -1",
      "usdPerGbSecond: -1",
      /lambda-arm\.usdPerGbSecond .*found -1/,
    ],
    ["a price that is no number", "usdPerMillionRequests: 0.20", "usdPerMillionRequests: .nan", "usdPerMillionRequests", /found NaN/],
    ["a price without end", "usdPerMillionRequests: 0.20", "usdPerMillionRequests: .inf", "usdPerMillionRequests", /found Infinity/],
    ["a price that is a text", "usdPerCoreHour: 0.037", 'usdPerCoreHour: "0.037"', "usdPerCoreHour", /workers\.local\.usdPerCoreHour/],
    [
      "an unknown price",
      "    usdPerGbHour",
      "    usdPerGbDay: 1\n    usdPerGbHour",
      "usdPerGbDay",
      /workers\.local\.usdPerGbDay .*none of that name/,
    ],
    ["an unknown key of the sheet", "date:", "currency: EUR\ndate:", "currency", /p\.yaml\.currency .*none of that name/],
    ["rounding to nothing", "roundingMs: 1", "roundingMs: 0", "roundingMs", /roundingMs .*from 1 to/],
    ["memory sizes that end before they begin", "max: 10240", "max: 127", "memoryMb", /memoryMb\.max .*from 128 to/],
    ["more memory sizes than can be looked at", "max: 10240", "max: 20129", "memoryMb", /memoryMb\.step .*from 2 to/],
    ["a missing step", "memoryMb: { min: 128, max: 10240, step: 1 }", "memoryMb: { min: 128, max: 10240 }", "memoryMb", /memoryMb\.step/],
    ["no memory sizes", "memoryMb: { min: 128, max: 10240, step: 1 }", "memoryMb: 128", "memoryMb", /memoryMb .*an object: found 128/],
    ["no date", 'date: "2026-05-11"', "date: today", "date: today", /p\.yaml\.date .*"today"/],
    ["a day that is none", 'date: "2026-05-11"', 'date: "2026-13-41"', "date: ", /p\.yaml\.date/],
    [
      "workers that are none",
      "workers:\n  local:\n    usdPerCoreHour: 0.037\n    usdPerGbHour: 0.00275",
      "workers: 0.037",
      "workers: 0.037",
      /p\.yaml\.workers .*an object: found 0\.037/,
    ],
  ])("refuses %s, with its line", (_, from, to, at, message) => {
    const sheet = changed(from, to, at);
    expectRefusal(() => readPrices(sheet.text, "p.yaml"), "DF_OPTION_INVALID", message);
    expectRefusal(() => readPrices(sheet.text, "p.yaml"), "DF_OPTION_INVALID", new RegExp(`^p\\.yaml:${sheet.line}: `));
  });

  test.each([
    ["an empty file", "", "DF_OPTION_INVALID", /p\.yaml as it must be an object: found null/],
    ["a list", "- 1", "DF_OPTION_INVALID", /an object/],
    ["what is no YAML", "date: [", "DF_SPEC_INVALID", /^p\.yaml:1: /],
    ["a key twice", "date: 1\ndate: 2", "DF_SPEC_INVALID", /^p\.yaml:2: /],
  ] as const)("refuses %s", (_, given, code, message) => {
    expectRefusal(() => readPrices(given, "p.yaml"), code, message);
  });
});
