import { readFileSync } from "node:fs";
import { inflateSync } from "node:zlib";
import { expect, test } from "vitest";
import { fontPaths } from "../plots/shipped-font.js";
import { woffOf } from "./woff.js";

const font = readFileSync(fontPaths.regular);

/** Tables of a WOFF file, unpacked. */
function unpacked(woff: Buffer): Map<string, Buffer> {
  return new Map(
    Array.from({ length: woff.readUInt16BE(12) }, (_, index) => {
      const at = 44 + 20 * index;
      const [start, packed, plain] = [4, 8, 12].map((offset) => woff.readUInt32BE(at + offset)) as [number, number, number];
      const bytes = woff.subarray(start, start + packed);
      return [woff.toString("latin1", at, at + 4), packed === plain ? bytes : inflateSync(bytes)];
    }),
  );
}

test("a WOFF file holds the tables of its font, but for those that shape other scripts, in half of the room", () => {
  const woff = woffOf(font);
  const tables = unpacked(woff);
  expect(woff.toString("latin1", 0, 4)).toBe("wOFF");
  expect(woff.readUInt32BE(8)).toBe(woff.length);
  expect(woff.length).toBeLessThan(font.length / 2);
  for (let at = 12; at < 12 + 16 * font.readUInt16BE(4); at += 16) {
    const tag = font.toString("latin1", at, at + 4);
    const start = font.readUInt32BE(at + 8);
    const isLeftOut = ["GSUB", "GPOS", "GDEF", "DSIG", "kern"].includes(tag);
    if (isLeftOut) expect(tables.has(tag), tag).toBe(false);
    else expect(tables.get(tag)!.equals(font.subarray(start, start + font.readUInt32BE(at + 12))), tag).toBe(true);
  }
});
