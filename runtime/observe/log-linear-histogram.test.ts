import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type LatencySnapshot, LogLinearHistogram } from "./log-linear-histogram.js";

/** From 100 ns on. A bucket is at most 1/1024 wide and its middle stands for it; the promise is a wider 0.2 %. */
const relativeErrorMax = 0.002;
const durations = fc.array(
  fc.oneof(
    fc.double({ min: 1e-4, max: 1, noNaN: true }),
    fc.double({ min: 0.001, max: 1e5, noNaN: true }),
    fc.constantFrom(1, 2, 1024, 1023.999),
  ),
  { minLength: 1, maxLength: 300 },
);

function recorded(values: readonly number[]): LatencySnapshot {
  const histogram = new LogLinearHistogram();
  for (const value of values) histogram.record(value);
  return histogram.snapshot();
}

/** Every counted value, in rising order. */
function expanded({ values, counts }: LatencySnapshot): number[] {
  return values.flatMap((value, index) => new Array<number>(counts[index] as number).fill(value));
}

describe("LogLinearHistogram", () => {
  test("keeps every rank, and so every percentile, within 0.2 %", () => {
    fc.assert(
      fc.property(durations, (values) => {
        const exact = [...values].sort((a, b) => a - b);
        const kept = expanded(recorded(values));
        expect(kept).toHaveLength(exact.length);
        for (const [rank, value] of exact.entries()) {
          expect(Math.abs((kept[rank] as number) - value)).toBeLessThanOrEqual(value * relativeErrorMax);
        }
      }),
    );
  });

  test("gives its values in rising order, each once", () => {
    fc.assert(
      fc.property(durations, (values) => {
        const snapshot = recorded(values).values;
        expect(snapshot).toEqual([...new Set(snapshot)].sort((a, b) => a - b));
      }),
    );
  });

  test.each([
    ["nothing", [], [], []],
    ["zero, what is too short to tell apart, and negative values as zero", [0, -0, 1e-9, -1, -1e9], [0], [5]],
    ["what lasts longer than it can tell as the longest", [2 ** 40, Number.POSITIVE_INFINITY], [2 ** 34 * (1 + 0.5 / 1024)], [2]],
  ])("counts %s", (_, values, expectedValues, expectedCounts) => {
    expect(recorded(values)).toEqual({ values: expectedValues, counts: expectedCounts });
  });

  test("a snapshot does not change when more is recorded", () => {
    const histogram = new LogLinearHistogram();
    histogram.record(1);
    const before = histogram.snapshot();
    histogram.record(1);
    expect(before.counts).toEqual([1]);
    expect(histogram.snapshot().counts).toEqual([2]);
  });
});
