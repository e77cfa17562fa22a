import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { seeded, shuffled } from "./random.js";
import { bootstrap, bootstrapMedian, median, ratio, ratioOfMedians, slope } from "./statistics.js";

test("the median is the middle value, or the mean of the two in the middle", () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(median([7])).toBe(7);
  expect(median([])).toBeNaN();
});

test("the median leaves its values as they were", () => {
  const values = [3, 1, 2];
  median(values);
  expect(values).toEqual([3, 1, 2]);
});

describe("bootstrapMedian", () => {
  test("of equal values is that value, without an interval", () =>
    expect(bootstrapMedian([5, 5, 5, 5], 1)).toEqual({ median: 5, low: 5, high: 5 }));

  test("of 1 to 9: the interval is that of the binomial distribution, ranks 2 or 3 to 7 or 8", () => {
    const estimate = bootstrapMedian([9, 8, 7, 6, 5, 4, 3, 2, 1], 1);
    expect(estimate.median).toBe(5);
    expect([2, 3]).toContain(estimate.low);
    expect([7, 8]).toContain(estimate.high);
  });

  test("the same seed gives the same interval, and it holds the median", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 1, maxLength: 12 }), fc.integer(), (values, seed) => {
        const estimate = bootstrapMedian(values, seed);
        expect(bootstrapMedian(values, seed)).toEqual(estimate);
        expect(estimate.low).toBeLessThanOrEqual(estimate.median);
        expect(estimate.high).toBeGreaterThanOrEqual(estimate.median);
      }),
      { numRuns: 30 },
    );
  });
});

test("bootstrap draws whole rounds: what belongs to one round stays together", () => {
  const rounds = [1, 2, 3, 4].map((value) => ({ value, twice: 2 * value }));
  const sum = (key: "value" | "twice") => (drawn: readonly (typeof rounds)[number][]) =>
    drawn.reduce((total, round) => total + round[key], 0);
  expect(bootstrap(rounds, (drawn) => sum("twice")(drawn) / sum("value")(drawn), 1)).toEqual({ median: 2, low: 2, high: 2 });
  const { median: whole, low, high } = bootstrap(rounds, sum("value"), 1);
  expect(whole).toBe(10);
  expect([low < 10, high > 10]).toEqual([true, true]);
});

test("the slope is that of the line with the smallest squares", () => {
  const at = (x: number, y: number) => ({ x, y });
  expect(slope([at(0, 5), at(10, 25)])).toBe(2);
  expect(slope([at(1, 3), at(2, 3), at(3, 3)])).toBe(0);
  expect(slope([at(0, 0), at(1, 3), at(2, 0), at(3, 3)])).toBeCloseTo(0.6);
  expect(slope([at(1, 1)])).toBeNaN();
});

test("the ratio is the median of the rounds' ratios, not the ratio of the medians", () => {
  expect(ratio([1, 2, 30], [1, 1, 10], 1).median).toBe(2);
  expect(() => ratio([1, 2], [1], 1)).toThrow("a value a round: 2 and 1");
});

describe("shuffled", () => {
  test("keeps every item", () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), fc.integer(), (items, seed) => {
        expect(shuffled(items, seeded(seed)).toSorted()).toEqual(items.toSorted());
      }),
    );
  });

  test("gives every order of three items about equally often, and the same ones for the same seed", () => {
    const random = seeded(1);
    const seen = new Map<string, number>();
    for (let draw = 0; draw < 6000; draw++) {
      const order = shuffled(["a", "b", "c"], random).join("");
      seen.set(order, (seen.get(order) ?? 0) + 1);
    }
    expect(seen.size).toBe(6);
    for (const times of seen.values()) expect(times).toBeGreaterThan(850);
    expect(shuffled([1, 2, 3, 4, 5], seeded(7))).toEqual(shuffled([1, 2, 3, 4, 5], seeded(7)));
  });
});

describe("ratioOfMedians", () => {
  test("of values that are all equal has no interval", () =>
    expect(ratioOfMedians([6, 6, 6], [4, 4], 1)).toEqual({ median: 1.5, low: 1.5, high: 1.5 }));

  test("draws both apart from each other: the interval holds the ratio, whichever is upside down", () => {
    const [ours, theirs] = [
      [8, 9, 10, 11, 12],
      [4, 5, 5, 5, 6, 7],
    ];
    const [up, down] = [ratioOfMedians(ours, theirs, 1), ratioOfMedians(theirs, ours, 1)];
    expect(up.median).toBe(2);
    expect(up.low).toBeGreaterThan(8 / 7 - 0.01);
    expect(up.low).toBeLessThan(2);
    expect(up.high).toBeGreaterThan(2);
    expect(up.high).toBeLessThan(12 / 4 + 0.01);
    expect(down.low).toBeCloseTo(1 / up.high, 1);
    expect(ratioOfMedians(ours, theirs, 1)).toEqual(up);
  });
});
