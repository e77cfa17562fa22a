import { expect, test } from "vitest";
import { boxesThatIntersect } from "./text-boxes.fixture.js";

const box = (text: string, left: number, top: number, width = 50, height = 16) => ({
  text,
  left,
  top,
  right: left + width,
  bottom: top + height,
});

test("texts that stand on each other are found, whichever comes first", () => {
  expect(boxesThatIntersect([box("b", 20, 5), box("a", 0, 0)])).toEqual(["texts intersect: a | b"]);
});

test("neighbours, and lines right below each other, are none", () => {
  expect(boxesThatIntersect([box("a", 0, 0), box("b", 50, 0), box("c", 0, 14), box("upright", 60, 14, 16, 90), box("d", 74, 50)])).toEqual(
    [],
  );
});
