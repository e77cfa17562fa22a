import fc from "fast-check";
import { expect, test } from "vitest";
import { spread } from "./spread.js";

test("boxes that have room stay where they want to be", () => {
  expect(spread([50, 10, 90], [10, 10, 10], [0, 100])).toEqual([50, 10, 90]);
});

test("boxes move apart, and back from the end", () => {
  expect(spread([50, 50], [10, 10], [0, 100])).toEqual([50, 60]);
  expect(spread([98, 99], [10, 10], [0, 100])).toEqual([85, 95]);
});

test("boxes never overlap, and stay inside where they fit", () => {
  const box = fc.record({ wanted: fc.integer({ min: -50, max: 250 }), height: fc.integer({ min: 1, max: 30 }) });
  fc.assert(
    fc.property(fc.array(box, { maxLength: 12 }), (boxes) => {
      const heights = boxes.map(({ height }) => height);
      const middles = spread(
        boxes.map(({ wanted }) => wanted),
        heights,
        [0, 200],
      );
      const sorted = middles
        .map((middle, at) => [middle - heights[at]! / 2, middle + heights[at]! / 2] as const)
        .sort((a, b) => a[0] - b[0]);
      sorted.forEach(([top], at) => {
        if (at > 0) expect(top).toBeGreaterThanOrEqual(sorted[at - 1]![1]);
      });
      const fits = heights.reduce((sum, height) => sum + height, 0) <= 200;
      if (fits) for (const [top, bottom] of sorted) expect(top >= 0 && bottom <= 200).toBe(true);
    }),
  );
});
