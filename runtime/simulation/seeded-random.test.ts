import { describe, expect, test } from "vitest";
import { seededRandom, streams } from "./seeded-random.js";

const draws = (seed: number, stream: number, count = 8): number[] => {
  const random = seededRandom(seed, stream);
  return Array.from({ length: count }, random);
};

describe("seededRandom", () => {
  test("repeats itself exactly", () => {
    expect(draws(1, streams.failures)).toEqual(draws(1, streams.failures));
  });

  test.each([
    ["another seed", 2, streams.failures],
    ["a seed that differs in its highest bits alone", 1 + 2 ** 40, streams.failures],
    ["another stream", 1, streams.delays],
  ])("gives other numbers for %s", (_, seed, stream) => {
    expect(draws(seed, stream)).not.toEqual(draws(1, streams.failures));
  });

  test("spreads evenly from 0 up to 1", () => {
    const tenths = new Array<number>(10).fill(0);
    for (const draw of draws(7, streams.arrivals, 100_000)) tenths[Math.floor(draw * 10)]! += 1;
    expect(tenths.length).toBe(10);
    for (const count of tenths) expect(Math.abs(count - 10_000)).toBeLessThan(500); // more than five standard deviations
  });
});
