import { describe, expect, test } from "vitest";
import { LatencyHistogram } from "../latency-histogram.js";
import { poissonSchedule } from "./schedule.js";
import { achievedPerSecond, judged, latencyVerdict } from "./verdict.js";

describe("poissonSchedule", () => {
  const options = { ratePerSecond: 10_000, durationMs: 1000, seed: 1 };

  test("holds about as many starts as the rate says, in order, within the duration", () => {
    const schedule = poissonSchedule(options);
    expect(schedule.length).toBeGreaterThan(9_500);
    expect(schedule.length).toBeLessThan(10_500);
    expect(schedule).toEqual(schedule.toSorted());
    expect(schedule.at(-1)).toBeLessThan(1000);
  });

  test("has gaps that vary as much as they are long", () => {
    const schedule = poissonSchedule(options);
    const gaps = [...schedule].map((at, index) => at - (schedule[index - 1] ?? 0));
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
    const variance = gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length;
    expect(Math.sqrt(variance) / mean).toBeCloseTo(1, 1);
  });

  test("is repeated by its seed", () => {
    expect(poissonSchedule(options)).toEqual(poissonSchedule(options));
    expect(poissonSchedule({ ...options, seed: 2 })).not.toEqual(poissonSchedule(options));
  });
});

describe("latencyVerdict", () => {
  const always = (ms: number, count = 1000) => {
    const histogram = LatencyHistogram.empty();
    for (let index = 0; index < count; index++) histogram.recordMs(ms);
    return histogram;
  };

  test.each([
    ["ok", always(1), always(0.19), true],
    ["void: generator late", always(1), always(0.21), true],
    ["void: did not keep up", always(1), always(0.01), false],
    ["void: too few runs", always(1, 199), always(0.01, 199), true],
  ])("%s", (verdict, latency, lateness, hasKeptUp) => expect(latencyVerdict({ latency, lateness, hasKeptUp })).toBe(verdict));
});

describe("a load of 7,200 runs in 1 s", () => {
  const result = { runs: 7_200, hasKeptUp: true, latency: "", lateness: "" };

  test("that takes 1.8 s was not kept up with, and 4,000 runs/s were achieved", () => {
    expect(achievedPerSecond({ ...result, elapsedMs: 1_800 }, 1_000)).toBe(4_000);
    expect(judged({ ...result, elapsedMs: 1_800 }, 1_000).hasKeptUp).toBe(false);
  });

  test("whose last run ends soon after it, or before the last ms, was", () => {
    expect(judged({ ...result, elapsedMs: 1_050 }, 1_000).hasKeptUp).toBe(true);
    expect(judged({ ...result, hasKeptUp: false, elapsedMs: 900 }, 1_000).hasKeptUp).toBe(false);
    expect(achievedPerSecond({ ...result, elapsedMs: 990 }, 1_000)).toBe(7_200);
  });
});
