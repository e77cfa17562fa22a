import { expect, test } from "vitest";
import { LatencyHistogram } from "../harness/latency-histogram.js";
import type { Sample } from "./sample.js";
import { summarise } from "./summary.js";

const sample = (variant: string, round: number, rest: Partial<Sample>): Sample => ({ variant, round, stealShare: 0, repeats: 0, ...rest });
const variants = ["a", "b"].map((key) => ({ key, labels: { key }, own: "left out" }));
const options = { variants, comparisons: [], seed: 1 };

test("a metric is the median of its rounds with its interval and its values", () => {
  const samples = [5, 1, 3].map((ms, round) => sample("a", round, { metrics: { ms } }));
  const { variants: found } = summarise(samples, options);
  expect(found[0]).toMatchObject({
    key: "a",
    labels: { key: "a" },
    n: 3,
    metrics: { ms: { median: 3, low: 1, high: 5, values: [5, 1, 3] } },
  });
  expect(found[0]).not.toHaveProperty("own");
  expect(found[1]).toEqual({ key: "b", labels: { key: "b" }, n: 0, metrics: {}, shares: {}, latencies: {} });
});

test("shares are counted together, with their exact interval", () => {
  const samples = [4, 6].map((hits, round) => sample("a", round, { shares: { done: { hits, of: 10 } } }));
  const { done } = summarise(samples, options).variants[0]!.shares;
  expect(done).toMatchObject({ hits: 10, of: 20, median: 0.5, low: expect.closeTo(0.272, 3), high: expect.closeTo(0.728, 3) });
});

test("latencies of all rounds are one histogram, of which only those percentiles are told that it carries", () => {
  const encoded = [1, 3].map((ms) => {
    const histogram = LatencyHistogram.empty();
    for (let run = 0; run < 100; run++) histogram.recordMs(ms);
    return histogram.encoded();
  });
  const samples = encoded.map((run, round) => sample("a", round, { latencies: { run } }));
  const { run } = summarise(samples, options).variants[0]!.latencies;
  expect(run).toMatchObject({ count: 200, p50: expect.closeTo(1_000, -1) });
  expect(run).not.toHaveProperty("p99");
  expect(run?.curve.map(([share]) => share)).toEqual([0.25, 0.5]);
});

test("a ratio is that of each round in which both were measured", () => {
  const ours = [10, 30, 50].map((ms, round) => sample("a", round, { metrics: { ms } }));
  const theirs = [1, 2].map((ms, round) => sample("b", round + 1, { metrics: { ms } }));
  const comparison = { name: "a ÷ b", metric: "ms", of: "a", to: "b" };
  const { ratios } = summarise([...ours, ...theirs], { ...options, comparisons: [comparison, { ...comparison, metric: "other" }] });
  expect(ratios).toEqual([{ ...comparison, median: 27.5, low: 25, high: 30 }]);
});

test("what is absent says why, unless some rounds were measured", () => {
  const absent = sample("a", 0, { absent: "no server" });
  expect(summarise([absent], options).variants[0]).toMatchObject({ n: 0, absent: "no server" });
  const found = summarise([absent, sample("a", 1, { metrics: { ms: 1 } })], options).variants[0];
  expect(found).toMatchObject({ n: 1 });
  expect(found).not.toHaveProperty("absent");
});
