import { describe, expect, test } from "vitest";
import { medianCurve, metgUs } from "./metg-curve.js";

const point = (granularityUs: number, efficiency: number) => ({ granularityUs, efficiency });
const curve = [point(100, 0.9), point(40, 0.7), point(20, 0.5), point(10, 0.3)];

describe("metgUs", () => {
  test.each([
    [0.8, 70], // half-way between 40 and 100
    [0.75, 55],
    [0.7, 40],
    [0.5, 20],
    [0.4, 15],
  ])("at %d lies on the straight line between the points around it: %d µs", (level, us) => {
    expect(metgUs(curve, level)).toBeCloseTo(us);
  });

  test("is where the curve falls below the level for the first time, from the largest tasks down", () => {
    const wavy = [point(100, 0.9), point(80, 0.4), point(60, 0.6), point(10, 0.1)];
    expect(metgUs(wavy, 0.5)).toBeCloseTo(84);
  });

  test("does not exist where the largest tasks do not reach the level", () => {
    expect(metgUs(curve, 0.95)).toBe(Number.POSITIVE_INFINITY);
    expect(metgUs([], 0.5)).toBe(Number.POSITIVE_INFINITY);
    expect(metgUs([point(1, Number.NaN)], 0.5)).toBe(Number.POSITIVE_INFINITY);
  });

  test("is at most the smallest tasks measured where all reach the level", () => expect(metgUs(curve, 0.2)).toBe(10));
});

test("a median curve has the medians of each point, taken apart from each other", () => {
  const rounds = [
    [point(10, 0.5), point(5, 0.1)],
    [point(12, 0.4), point(9, 0.2)],
    [point(11, 0.9), point(6, 0.3)],
  ];
  expect(medianCurve(rounds)).toEqual([point(11, 0.5), point(6, 0.2)]);
  expect(medianCurve([])).toEqual([]);
});
