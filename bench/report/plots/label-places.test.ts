import { expect, test } from "vitest";
import { type Box, LabelPlaces } from "./label-places.js";

const bounds = { x: 0, y: 0, width: 200, height: 100 };
const size = { width: 60, height: 12 };
const intersect = (a: Box, b: Box) => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

test("a name stands on the right of its point, or on the left where it would leave the plane", () => {
  expect(new LabelPlaces(bounds, []).place(50, 50, size)).toEqual({ x: 58, y: 44, ...size });
  expect(new LabelPlaces(bounds, []).place(190, 50, size)).toEqual({ x: 122, y: 44, ...size });
});

test("no name stands over another or over what is taken; where all is taken there is none", () => {
  const taken = [{ x: 0, y: 0, width: 200, height: 50 }];
  const places = new LabelPlaces(bounds, taken);
  const boxes = Array.from({ length: 20 }, () => places.place(100, 60, size));
  const found = boxes.flatMap((box) => box ?? []);
  expect(found.length).toBeGreaterThan(4);
  expect(found.length).toBeLessThan(20);
  for (const [at, box] of found.entries()) expect([...taken, ...found.slice(0, at)].some((other) => intersect(box, other))).toBe(false);
});
