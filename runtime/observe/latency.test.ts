import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mergeLatency } from "./latency.js";
import { LogLinearHistogram } from "./log-linear-histogram.js";

const durations = fc.array(fc.double({ min: 0.001, max: 1e5, noNaN: true }), { minLength: 1, maxLength: 200 });

function snapshotOf(values: readonly number[]) {
  const histogram = new LogLinearHistogram();
  for (const value of values) histogram.record(value);
  return histogram.snapshot();
}

/** Of the smallest number of values that hold so many per cent, the largest one, in µs. */
function exactPercentile(sortedMs: readonly number[], percentile: number): number {
  const rank = Math.max(1, Math.ceil((percentile / 100) * sortedMs.length));
  return (sortedMs[rank - 1] as number) * 1000;
}

const within = (found: number, exact: number) => expect(Math.abs(found - exact)).toBeLessThanOrEqual(exact * 0.002 + 0.002);

describe("mergeLatency()", () => {
  test("has the exact percentiles of all values together, within 0.2 %, in µs", () => {
    return fc.assert(
      fc.asyncProperty(fc.array(durations, { minLength: 1, maxLength: 4 }), async (threads) => {
        const merged = await mergeLatency(threads.map(snapshotOf));
        const sorted = threads.flat().sort((a, b) => a - b);
        expect(merged.count).toBe(sorted.length);
        within(merged.p50, exactPercentile(sorted, 50));
        within(merged.p90, exactPercentile(sorted, 90));
        within(merged.p99, exactPercentile(sorted, 99));
        within(merged.p999, exactPercentile(sorted, 99.9));
        within(merged.max, exactPercentile(sorted, 100));
        within(merged.mean, (sorted.reduce((sum, one) => sum + one, 0) / sorted.length) * 1000);
      }),
    );
  });

  test("of nothing is nothing", async () => {
    for (const merged of [await mergeLatency([]), await mergeLatency([snapshotOf([])])]) {
      const { percentiles, ...figures } = merged;
      expect(figures).toEqual({ count: 0, mean: 0, p50: 0, p90: 0, p99: 0, p999: 0, max: 0 });
      expect(percentiles()).toContain("Total count    =            0");
    }
  });

  test("percentiles() is text in the format of HdrHistogram, in µs", async () => {
    const merged = await mergeLatency([snapshotOf([0.001, 0.002, 0.003, 4]), snapshotOf([50, 50])]);
    const lines = merged.percentiles().split("\n");
    expect(lines[0]?.trim().split(/\s{2,}| (?=TotalCount)/)).toEqual(["Value", "Percentile", "TotalCount 1/(1-Percentile)"]);
    const rows = lines.filter((line) => /^\s*\d/.test(line)).map((line) => line.trim().split(/\s+/).map(Number));
    expect(rows.length).toBeGreaterThan(5);
    for (const [index, [value, percentile, total]] of rows.entries()) {
      const [valueBefore, percentileBefore, totalBefore] = rows[index - 1] ?? [0, 0, 0];
      expect(value).toBeGreaterThanOrEqual(valueBefore as number);
      expect(percentile).toBeGreaterThanOrEqual(percentileBefore as number);
      expect(total).toBeGreaterThanOrEqual(totalBefore as number);
    }
    within(rows[0]?.[0] as number, 1);
    within(rows.at(-1)?.[0] as number, 50_000);
    expect(rows.at(-1)?.slice(1, 3)).toEqual([1, 6]);
  });

  test("counts what is longer than a histogram holds as the longest", async () => {
    expect(await mergeLatency([{ values: [1e300], counts: [3] }])).toMatchObject({ count: 3 });
  });
});
