import fc from "fast-check";
import { expect, test } from "vitest";
import { frontierOf } from "./frontier.js";

test("the frontier holds those that nothing beats in both, from left to right", () => {
  const [cheap, fast, both, worse] = [
    { x: 1, y: 9 },
    { x: 9, y: 1 },
    { x: 3, y: 3 },
    { x: 4, y: 4 },
  ];
  expect(frontierOf([worse, fast, both, cheap])).toEqual([cheap, both, fast]);
});

test("a point is on the frontier exactly if no other is at most as large in both and smaller in one", () => {
  const point = fc.record({ x: fc.integer({ min: 0, max: 9 }), y: fc.integer({ min: 0, max: 9 }) });
  fc.assert(
    fc.property(fc.array(point, { maxLength: 20 }), (points) => {
      const beaten = ({ x, y }: { x: number; y: number }) =>
        points.some((other) => other.x <= x && other.y <= y && (other.x < x || other.y < y));
      const expected = new Set(points.filter((own) => !beaten(own)).map(({ x, y }) => `${x} ${y}`));
      expect(new Set(frontierOf(points).map(({ x, y }) => `${x} ${y}`))).toEqual(expected);
    }),
  );
});
