import { describe, expect, test } from "vitest";
import { disturbance, measureRounds } from "./rounds.js";
import { parseProcessorTimes, stealShare } from "./steal-time.js";

const units = ["a", "b", "c", "d"];

/** Readings of a machine on which so many percent of each measurement were stolen. */
function readings(...percents: number[]) {
  let total = 0;
  let stolen = 0;
  let reading = 0;
  return () => {
    if (reading++ % 2 === 1) {
      total += 1000;
      stolen += 10 * percents.shift()!;
    }
    return { total, stolen };
  };
}

describe("measureRounds", () => {
  test("measures every unit once a round and gives samples in the order of the units", async () => {
    const order: string[] = [];
    const measure = async (unit: string) => `${unit}${order.push(unit)}`;
    const rounds = await measureRounds({ units, rounds: 6, seed: 3, measure, readProcessorTimes: () => undefined });
    expect(rounds).toHaveLength(6);
    for (const { samples } of rounds) expect(samples.map((sample) => sample[0])).toEqual(units);
    for (let round = 0; round < 6; round++) expect(order.slice(4 * round, 4 * round + 4).toSorted()).toEqual(units);
    const orders = new Set(Array.from({ length: 6 }, (_, round) => order.slice(4 * round, 4 * round + 4).join("")));
    expect(orders.size).toBeGreaterThan(1);
  });

  test("the same seed gives the same orders", async () => {
    const orders = await Promise.all(
      [1, 1, 2].map(async (seed) => {
        const order: string[] = [];
        await measureRounds({ units, rounds: 4, seed, measure: async (unit) => order.push(unit), readProcessorTimes: () => undefined });
        return order.join("");
      }),
    );
    expect(orders[0]).toBe(orders[1]);
    expect(orders[0]).not.toBe(orders[2]);
  });

  test("a round with more than 2 % stolen time is measured anew, at most twice", async () => {
    let measured = 0;
    const measure = async () => measured++;
    const rounds = await measureRounds({ units, rounds: 3, seed: 1, measure, readProcessorTimes: readings(2, 2.1, 0, 5, 5, 5) });
    expect(rounds.map(({ repeats }) => repeats)).toEqual([0, 1, 2]);
    expect(rounds.map(({ samples }) => Math.min(...samples))).toEqual([0, 8, 20]);
    expect(measured).toBe(24);
    expect(disturbance(rounds)).toContain("1 of 3 rounds");
  });

  test("says nothing of stolen time where there was none", async () => {
    const rounds = await measureRounds({ units, rounds: 1, seed: 1, measure: async () => 1, readProcessorTimes: readings(0) });
    expect(disturbance(rounds)).toBe("");
  });
});

test("stolen time is the eighth column of /proc/stat, of the first eight in all", () => {
  const times = parseProcessorTimes("cpu  10 20 30 40 50 60 70 80 90 100\ncpu0 1 2 3 4 5 6 7 8 9 10\n");
  expect(times).toEqual({ total: 360, stolen: 80 });
  expect(parseProcessorTimes("nothing")).toBeUndefined();
  expect(stealShare({ total: 100, stolen: 0 }, { total: 200, stolen: 3 })).toBe(0.03);
  expect(stealShare(undefined, times)).toBe(0);
  expect(stealShare(times, times)).toBe(0);
});
