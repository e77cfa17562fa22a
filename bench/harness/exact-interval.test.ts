import fc from "fast-check";
import { expect, test } from "vitest";
import { exactInterval } from "./exact-interval.js";

test.each([
  [0, 10, 0.95, 0, 0.308_497],
  [5, 10, 0.95, 0.187_086, 0.812_914],
  [1, 20, 0.95, 0.001_265, 0.248_733],
  [10, 10, 0.999, 0.467_624, 1],
])("of %i in %i at %d, as in tables", (successes, trials, confidence, low, high) => {
  const found = exactInterval(successes, trials, confidence);
  expect(found.low).toBeCloseTo(low, 5);
  expect(found.high).toBeCloseTo(high, 5);
});

/** Probability of each number of successes, from the one with a trial less. */
function probabilities(trials: number, share: number): number[] {
  let row = [1];
  for (let trial = 0; trial < trials; trial++) {
    row = Array.from({ length: row.length + 1 }, (_, k) => (row[k] ?? 0) * (1 - share) + (row[k - 1] ?? 0) * share);
  }
  return row;
}

test("it holds the true share at least as often as it says", () => {
  fc.assert(
    fc.property(fc.double({ min: 0.001, max: 0.999, noNaN: true }), fc.integer({ min: 1, max: 40 }), (share, trials) => {
      let held = 0;
      for (const [successes, probability] of probabilities(trials, share).entries()) {
        const { low, high } = exactInterval(successes, trials, 0.99);
        if (low <= share && share <= high) held += probability;
      }
      expect(held).toBeGreaterThanOrEqual(0.99 - 1e-9);
    }),
    { numRuns: 50 },
  );
});

test("failures have the mirrored interval, and more trials a narrower one", () => {
  const of200 = exactInterval(60, 200, 0.999);
  const mirrored = exactInterval(140, 200, 0.999);
  expect([of200.low, of200.high]).toEqual([expect.closeTo(1 - mirrored.high, 9), expect.closeTo(1 - mirrored.low, 9)]);
  const of2000 = exactInterval(600, 2000, 0.999);
  expect(of2000.low).toBeGreaterThan(of200.low);
  expect(of2000.high).toBeLessThan(of200.high);
});
