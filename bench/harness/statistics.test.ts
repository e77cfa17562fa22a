import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { seeded, shuffled } from "./random.js";
import { bootstrap, bootstrapMedian, median, ratio, ratioOfMeans, slope } from "./statistics.js";

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

describe("ratioOfMeans", () => {
  test("of values that are all equal has no width, be they few", () => {
    expect(ratioOfMeans([6, 6, 6], [4, 4])).toEqual({ median: expect.closeTo(1.5), low: expect.closeTo(1.5), high: expect.closeTo(1.5) });
    expect(ratioOfMeans([7], [7])).toEqual({ median: 1, low: 1, high: 1 });
  });

  test("is that of the geometric means, and upside down where the values change places", () => {
    const [ours, theirs] = [
      [8, 9, 10, 11, 12],
      [4, 5, 5, 5, 6, 7],
    ];
    const [up, down] = [ratioOfMeans(ours, theirs), ratioOfMeans(theirs, ours)];
    expect(up.median).toBeCloseTo((8 * 9 * 10 * 11 * 12) ** (1 / 5) / (4 * 5 * 5 * 5 * 6 * 7) ** (1 / 6), 10);
    expect(up.low).toBeCloseTo(1 / down.high, 10);
    expect(up.high).toBeCloseTo(1 / down.low, 10);
  });

  test("of 1, 1 and e², e²: nothing but factors; of 1, e and e, e²: t of 2 degrees of freedom times √½", () => {
    const { E } = Math;
    expect(ratioOfMeans([E * E, E * E], [1, 1]).low).toBeCloseTo(E * E, 10);
    expect(Math.log(ratioOfMeans([E, E * E], [1, E]).high)).toBeCloseTo(1 + 4.30265 * Math.SQRT1_2, 3);
  });

  test("two different values tell nothing of how much they scatter, nor do those of 0", () => {
    expect(ratioOfMeans([2], [1])).toEqual({ median: 2, low: Number.NaN, high: Number.NaN });
    expect(ratioOfMeans([0, 1], [1, 1]).low).toBeNaN();
  });

  test.each([
    [1, 4],
    [2, 2],
    [3, 3],
    [4, 4],
  ])("%d values and %d of one distribution: 1 is in about 95 of 100 intervals", (ours, theirs) => {
    const random = seeded(1);
    const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    const drawn = (length: number) => Array.from({ length }, () => Math.exp(0.2 * normal()));
    const held = Array.from({ length: 1000 }, () => ratioOfMeans(drawn(ours), drawn(theirs))).filter(
      ({ low, high }) => low <= 1 && high >= 1,
    );
    expect(held.length).toBeGreaterThan(925);
    expect(held.length).toBeLessThan(975);
  });
});
