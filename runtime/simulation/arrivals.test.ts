import { describe, expect, test } from "vitest";
import { type Arrivals, poissonArrivals, readArrivals } from "./arrivals.js";
import { expectRefusal } from "./refusals.fixture.js";
import { seededRandom, streams } from "./seeded-random.js";

const taken = (arrivals: Arrivals, count = arrivals.countMax): number[] => Array.from({ length: count }, () => arrivals.next());

describe("readArrivals", () => {
  test("counts seconds from the first", () => {
    expect(taken(readArrivals("a,submit_time\nx,3\nx,3\nx,4.5\n", "a.csv"))).toEqual([0, 0, 1_500]);
  });

  test("reads dates and times, with any fraction of a second and any zone", () => {
    const text =
      "TIMESTAMP,n\n2023-11-16 18:17:03.9799600,1\n2023-11-16T18:17:04.5Z,2\n2023-11-16 19:17:05+01:00,3\n2023-11-16 18:17:05.0000001,4\n";
    const times = taken(readArrivals(text, "a.csv"));
    expect(times.map((ms) => ms.toFixed(4))).toEqual(["0.0000", "520.0400", "1020.0400", "1020.0401"]);
  });

  test.each([
    ["submit_time\n2\n1\n", /a\.csv:3 .*in order: found one 1000 ms before/],
    ["TIMESTAMP\n2023-11-16 18:17:04\n2023-11-16 18:17:03.999\n", /a\.csv:3 .*in order/],
    ["TIMESTAMP\nyesterday\n", /a\.csv:2 .*date and time.*"yesterday"/],
    ["TIMESTAMP\n2023-13-16 18:17:04\n", /a\.csv:2 .*date and time/],
    ["submit_time\n-1\n", /a\.csv:2 .*submit_time/],
    ["submit_time\n0\n1e9\n", /a\.csv:3 .*within ten years/],
    ["submit_time\n0\n1e306\n", /a\.csv:3 .*within ten years/],
    ["time\n1\n", /a\.csv:1 .*TIMESTAMP or submit_time/],
    ["submit_time\n", /a\.csv:1 .*list arrivals/],
  ])("refuses %j", (text, message) => {
    expectRefusal(() => readArrivals(text, "a.csv"), "DF_SPEC_INVALID", message);
  });
});

describe("poissonArrivals", () => {
  test("begin at 0, never go back, and come at their rate", () => {
    const count = 20_000;
    const times = taken(poissonArrivals(4, seededRandom(1, streams.arrivals)), count);
    expect(times[0]).toBe(0);
    expect(times.every((ms, index) => index === 0 || ms >= times[index - 1]!)).toBe(true);
    const gaps = times.slice(1).map((ms, index) => ms - times[index]!);
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
    const deviation = Math.sqrt(gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length);
    expect(Math.abs(mean - 250)).toBeLessThan(10);
    expect(Math.abs(deviation / mean - 1)).toBeLessThan(0.05); // as exponential distributions have it
  });
});
