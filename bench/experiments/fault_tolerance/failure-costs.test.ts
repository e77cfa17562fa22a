import { expect, test } from "vitest";
import { LatencyHistogram } from "../../harness/latency-histogram.js";
import { wastedOf } from "../../harness/measurements/failure-costs.js";
import type { LinePicture } from "../../report/plots/picture.js";
import failureCosts from "./failure-costs.js";
import { handMade, lateLatencies, samplesOf, summaryOf, variantsOf } from "./fixtures/trial.fixture.js";

const sizes = { workflow_size: 5, attempts: 3, runs_per_second: 300, load_ms: 200, kernel_repeats: 50 };
const variants = variantsOf(failureCosts, { failure_rates: [0, 0.4], ...sizes });

test("each rate is measured with delays and without", () => {
  expect(variants.map(({ key }) => key)).toEqual(["no delays, 0 %", "no delays, 40 %", "default delays, 0 %", "default delays, 40 %"]);
});

test("runs end as their coins decide, and as many attempts fail as must", async () => {
  const [none, many] = await samplesOf(failureCosts, variants.slice(0, 2));
  expect(none?.shares).toMatchObject({ completed: { hits: none?.facts?.runs, of: none?.facts?.runs }, failedAttempts: { hits: 0 } });
  expect(none?.metrics?.wastedTimePercent).toBe(0);
  expect(LatencyHistogram.merged([none!.latencies!.lateness!]).count).toBe(none?.facts?.runs);
  const { failedAttempts } = many?.shares ?? {};
  expect(failedAttempts!.hits / failedAttempts!.of).toBeGreaterThan(0.3);
  expect(failedAttempts!.hits / failedAttempts!.of).toBeLessThan(0.5);
  expect(many?.metrics?.wastedTimePercent).toBeGreaterThan(10);
  const [again] = await samplesOf(failureCosts, variants.slice(1, 2));
  expect(again?.facts).toEqual(many?.facts);
});

test("only tosses count, and those that failed as wasted", () => {
  const at = (name: string, outcome: "returned" | "failed", endedAt: number) => ({ name, outcome, startedAt: 1, endedAt });
  expect(wastedOf([at("coin-0", "failed", 3), at("coin-1", "returned", 4), at("gather", "returned", 9)])).toEqual({
    ...{ all: 2, failed: 1, allMs: 5, failedMs: 2 },
  });
});

test("the headline tells of the highest rate, the pictures of all", () => {
  const latency = LatencyHistogram.empty();
  for (let run = 0; run < 10_000; run++) latency.recordMs(run < 9_800 ? 2 : 500);
  const run = latency.encoded();
  const samples = variants.map(({ key }) => handMade(key, { latencies: { run }, metrics: { wastedTimePercent: 41 } }));
  const summary = summaryOf(failureCosts, variants, samples);
  expect(failureCosts.headline(summary)).toMatch(
    /^at 40 % failures 41\.0 % of the time in tasks is wasted; P99 500 ms, no delay .*; P99 500 ms, default/,
  );
  const [latencies, work] = failureCosts.figure(summary, []) as [LinePicture, LinePicture]; // as: they are two of this kind
  expect(latencies.lines.map(({ points }) => points.map(({ y }) => Math.round(y as number)))).toEqual([
    ...[
      [2, 2],
      [500, 500],
    ],
    ...[
      [2, 2],
      [500, 500],
    ],
  ]); // as: a percentile is a number
  expect(work.lines.at(-1)).toMatchObject({
    stroke: "dashed",
    points: [
      { x: 0, y: 0 },
      { x: 40, y: 40 },
    ],
  });
});

test("what the load generator was too late for is void", () => {
  const latencies = lateLatencies("run");
  const samples = variants.map(({ key }) => handMade(key, { latencies, metrics: { wastedTimePercent: 41 } }));
  const summary = summaryOf(failureCosts, variants, samples);
  expect(failureCosts.headline(summary)).toContain("no delay between attempts (void: generator late)");
  const [latencyPicture] = failureCosts.figure(summary, []) as [LinePicture, LinePicture]; // as: they are two of this kind
  expect(latencyPicture.lines[0]?.points.map(({ y }) => y)).toEqual([undefined, undefined]);
});

test("nothing measured is said and drawn as gaps", () => {
  for (const some of [variants, []]) {
    const summary = summaryOf(failureCosts, some, []);
    expect(failureCosts.headline(summary)).toBe("not measured");
    expect(failureCosts.figure(summary, [])).toHaveLength(2);
  }
});
