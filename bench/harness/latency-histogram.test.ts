import { describe, expect, test } from "vitest";
import { countNeeded, LatencyHistogram } from "./latency-histogram.js";

function filled(count: number, ms: (index: number) => number): LatencyHistogram {
  const histogram = LatencyHistogram.empty();
  for (let index = 0; index < count; index++) histogram.recordMs(ms(index));
  return histogram;
}

describe("a percentile is refused", () => {
  test.each([
    [0.5, 200],
    [0.9, 1_000],
    [0.99, 10_000],
    [0.999, 100_000],
  ] as const)("%d below %i values", (quantile, needed) => {
    expect(countNeeded(quantile)).toBe(needed);
    expect(filled(needed - 1, () => 1).quantileUs(quantile)).toBeUndefined();
    expect(filled(needed, () => 1).quantileUs(quantile)).toBeCloseTo(1000, -1);
  });
});

test("percentiles are exact to three digits, in microseconds", () => {
  const histogram = filled(10_000, (index) => (index + 1) / 1000);
  expect(histogram.count).toBe(10_000);
  expect(histogram.quantileUs(0.5)! / 5_000).toBeCloseTo(1, 2);
  expect(histogram.quantileUs(0.99)! / 9_900).toBeCloseTo(1, 2);
  expect(histogram.maxUs / 10_000).toBeCloseTo(1, 2);
});

test("what lies below zero counts as zero, what lies beyond a minute as a minute", () => {
  const histogram = filled(2, (index) => [-1, 1e9][index]!);
  expect(histogram.count).toBe(2);
  expect(histogram.maxUs / 60e6).toBeCloseTo(1, 2);
});

test("histograms of several processes are merged from their encodings", () => {
  const merged = LatencyHistogram.merged([filled(150, () => 1).encoded(), filled(50, () => 3).encoded()]);
  expect(merged.count).toBe(200);
  expect(merged.quantileUs(0.5)! / 1_000).toBeCloseTo(1, 2);
  expect(merged.maxUs / 3_000).toBeCloseTo(1, 2);
});

describe("latencies are counted up to bounds", () => {
  const steps = filled(1_000, (index) => index + 1);

  test("each with all before it, and the bounds themselves", () => {
    expect(steps.countsAtMost([0.5, 1, 10, 500, 60_000])).toEqual([0, 1, 10, 500, 1_000]);
    expect(steps.countsAtMost([1, 1.5, 1.9, 2])).toEqual([1, 1, 1, 2]);
  });

  test("the last bound holds what is later than a minute, as it was recorded as a minute", () => {
    expect(filled(3, () => 1e9).countsAtMost([59_000, 60_000, 90_000])).toEqual([0, 3, 3]);
  });

  test("their sum is exact to three digits", () => {
    expect(steps.sumMs / 500_500).toBeCloseTo(1, 3);
    expect(LatencyHistogram.empty().sumMs).toBe(0);
  });
});
