import { expect, test } from "vitest";
import { barPicture } from "./pictures.fixture.js";
import { pngOf } from "./png.js";
import { svgOf } from "./svg.js";

/** Width and height as the header says. */
const sizeOf = (png: Uint8Array) => [16, 20].map((at) => Buffer.from(png).readUInt32BE(at));

test("a PNG is twice as large as its SVG, and the same bytes each time", () => {
  const svg = svgOf(barPicture);
  const [, width, height] = /width="(\d+)" height="(\d+)"/.exec(svg)!.map(Number);
  const png = pngOf(svg);
  expect(Buffer.from(png.subarray(1, 4)).toString()).toBe("PNG");
  expect(sizeOf(png)).toEqual([2 * width!, 2 * height!]);
  expect(Buffer.from(pngOf(svg)).equals(Buffer.from(png))).toBe(true);
});

test("letters are drawn: the shipped font is found", () => {
  const svg = svgOf(barPicture);
  const withoutText = svg.replaceAll(/<text[^>]*>[^<]*<\/text>/g, "");
  expect(pngOf(svg).length).toBeGreaterThan(2 * pngOf(withoutText).length);
});
