import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Sample } from "./sample.js";

const sampleOf = (values: readonly number[]): Sample => {
  const sample = new Sample();
  for (const value of values) sample.add(value);
  return sample;
};

describe("Sample", () => {
  test("is all zeros while it is empty", () => {
    expect(new Sample().distribution()).toEqual({ count: 0, mean: 0, p50: 0, p90: 0, p99: 0, max: 0 });
  });

  test("tells nearest ranks, which are values of the sample", () => {
    const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect(sampleOf(hundred).distribution()).toEqual({ count: 100, mean: 50.5, p50: 50, p90: 90, p99: 99, max: 100 });
    expect(sampleOf([7]).distribution()).toEqual({ count: 1, mean: 7, p50: 7, p90: 7, p99: 7, max: 7 });
  });

  test("a percentile has at least its share of the values at or below it, and fewer below", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(50), { minLength: 1, maxLength: 3000, size: "max" }), (values) => {
        const { count, p90, max } = sampleOf(values).distribution();
        expect(count).toBe(values.length);
        expect(values.filter((value) => value <= p90).length).toBeGreaterThanOrEqual(0.9 * count);
        expect(values.filter((value) => value < p90).length).toBeLessThan(0.9 * count);
        expect(max).toBe(Math.max(...values));
      }),
    );
  });
});
