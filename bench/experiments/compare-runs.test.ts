import { expect, test } from "vitest";
import { type ComparedSummary, compareSummaries } from "./compare-runs.js";

const summary = (metrics: Readonly<Record<string, readonly number[]>>, experiment = "throughput"): ComparedSummary => ({
  category: "performance",
  experiment,
  variants: [{ key: "DataFlower", metrics: Object.fromEntries(Object.entries(metrics).map(([name, values]) => [name, { values }])) }],
});
const around = (middle: number) => [0.97, 0.99, 1, 1.01, 1.03].map((factor) => middle * factor);

test("the ratio is that of the medians, the second run over the first, with an interval that holds it", () => {
  const [found] = compareSummaries([summary({ rate: around(100) })], [summary({ rate: around(150) })], 1);
  expect(found).toMatchObject({ experiment: "throughput", variant: "DataFlower", metric: "rate", n: [5, 5], isDifferent: true });
  expect(found!.ratio.median).toBeCloseTo(1.5, 10);
  expect(found!.ratio.low).toBeGreaterThan(1.4);
  expect(found!.ratio.low).toBeLessThan(1.5);
  expect(found!.ratio.high).toBeGreaterThan(1.5);
  expect(found!.ratio.high).toBeLessThan(1.6);
});

test("a run held against itself differs nowhere", () => {
  const run = [summary({ rate: around(100), makespanMs: around(3) })];
  expect(compareSummaries(run, run, 1).map(({ isDifferent, ratio }) => [isDifferent, ratio.median])).toEqual([
    [false, 1],
    [false, 1],
  ]);
});

test("those that differ come first, those that differ most before all; half is as far as twice", () => {
  const first = [summary({ alike: around(1), slower: around(1), faster: around(1), little: around(1) })];
  const second = [summary({ alike: around(1.001), little: around(1.2), faster: around(3), slower: around(0.25) })];
  expect(compareSummaries(first, second, 1).map(({ metric }) => metric)).toEqual(["slower", "faster", "little", "alike"]);
});

test("numbers of values may differ, and the same seed gives the same", () => {
  const [first, second] = [[summary({ rate: [1, 2, 3] })], [summary({ rate: [2, 2, 2, 4, 4, 4, 9] })]];
  expect(compareSummaries(first, second, 7)).toEqual(compareSummaries(first, second, 7));
  expect(compareSummaries(first, second, 7)[0]!.n).toEqual([3, 7]);
});

test("what only one run has, what has no values and what was 0 is left out", () => {
  const first = [summary({ rate: around(1), zero: [0, 0, 0], none: [] }), summary({ rate: around(1) }, "latency")];
  const second = [summary({ rate: around(1), zero: [1, 2, 3], none: [1], another: [1] }), summary({ rate: around(1) }, "memory")];
  expect(compareSummaries(first, second, 1).map(({ experiment, metric }) => `${experiment} ${metric}`)).toEqual(["throughput rate"]);
});
