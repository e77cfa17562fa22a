import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { FontFile } from "./font-file.js";
import { fontPaths, measureText } from "./shipped-font.js";

const font = new FontFile(readFileSync(fontPaths.regular));

test("letters are as wide as the font says: 600 units of 1,000 for each figure of IBM Plex Sans", () => {
  expect(font.widthOf("0123456789", 10)).toBeCloseTo(60, 6);
  expect(font.widthOf("iiii", 13)).toBeLessThan(font.widthOf("mmmm", 13) / 2);
  expect(font.widthOf("", 13)).toBe(0);
});

test("the font has every letter that pictures are written with", () => {
  for (const letter of "azAZ09 ÷×µ–−≥≤→…≈√∞$%[]") expect(font.has(letter), letter).toBe(true);
  expect(font.has("漢")).toBe(false);
});

test("size and weight are those of the CSS text", () => {
  expect(measureText("abc", "400 20px IBM Plex Sans").width).toBeCloseTo(font.widthOf("abc", 20), 6);
  expect(measureText("abc", "600 20px IBM Plex Sans").width).toBeGreaterThan(font.widthOf("abc", 20));
});

test("a file that is no font is refused", () => {
  expect(() => new FontFile(new Uint8Array(100))).toThrow("Cannot read the font as it must have the table head: it has not");
});
