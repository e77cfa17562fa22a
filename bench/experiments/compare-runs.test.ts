import { expect, test } from "vitest";
import { type ComparedSummary, compareSummaries } from "./compare-runs.js";

const summary = (metrics: Readonly<Record<string, readonly number[]>>, experiment = "throughput"): ComparedSummary => ({
  category: "performance",
  experiment,
  variants: [{ key: "DataFlower", metrics: Object.fromEntries(Object.entries(metrics).map(([name, values]) => [name, { values }])) }],
});
const around = (middle: number) => [0.97, 0.99, 1, 1.01, 1.03].map((factor) => middle * factor);

test("the ratio is that of the geometric means, the second run over the first, with an interval that holds it", () => {
  const [found] = compareSummaries([summary({ rate: around(100) })], [summary({ rate: around(150) })]).measured;
  expect(found).toMatchObject({ experiment: "throughput", variant: "DataFlower", metric: "rate", n: [5, 5], isDifferent: true });
  expect(found!.ratio.median).toBeCloseTo(1.5, 10);
  expect(found!.ratio.low).toBeGreaterThan(1.4);
  expect(found!.ratio.low).toBeLessThan(1.5);
  expect(found!.ratio.high).toBeGreaterThan(1.5);
  expect(found!.ratio.high).toBeLessThan(1.6);
});

test("a run held against itself has the same values everywhere", () => {
  const run = [summary({ rate: around(100), makespanMs: around(3), zero: [0, 0] })];
  expect(compareSummaries(run, run)).toEqual({ measured: [], same: 3, incomparable: 0 });
});

test("those that differ come first, those that differ most before all; half is as far as twice", () => {
  const first = [summary({ alike: around(1), slower: around(1), faster: around(1), little: around(1) })];
  const second = [summary({ alike: around(1.001), little: around(1.2), faster: around(3), slower: around(0.25) })];
  expect(compareSummaries(first, second).measured.map(({ metric }) => metric)).toEqual(["slower", "faster", "little", "alike"]);
});

test("numbers of values may differ", () => {
  const [found] = compareSummaries([summary({ rate: [1, 2, 3] })], [summary({ rate: [2, 2, 2, 4, 4, 4, 9] })]).measured;
  expect(found).toMatchObject({ n: [3, 7], isDifferent: false });
});

test("what only one run has is left out; values of 0, and one against one, are counted only", () => {
  const first = [summary({ rate: around(1), zero: [0, 0, 0], none: [], once: [1] }), summary({ rate: around(1) }, "latency")];
  const second = [
    summary({ rate: around(2), zero: [1, 2, 3], none: [1], once: [2], another: [1] }),
    summary({ rate: around(1) }, "memory"),
  ];
  const { measured, same, incomparable } = compareSummaries(first, second);
  expect(measured.map(({ experiment, metric }) => `${experiment} ${metric}`)).toEqual(["throughput rate"]);
  expect({ same, incomparable }).toEqual({ same: 0, incomparable: 3 });
});
