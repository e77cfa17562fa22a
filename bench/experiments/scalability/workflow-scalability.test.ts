import { expect, test } from "vitest";
import { callCompiled } from "../../harness/fresh-process.fixture.js";
import { LatencyHistogram } from "../../harness/latency-histogram.js";
import type { BurstSample } from "../../harness/measurements/burst.js";
import { outcomeWith } from "../outcome.fixture.js";
import workflowScalability from "./workflow-scalability.js";

const config = { workflow_counts: [10, 100], workflow_size: 10, shape: "fan" };

test("each contender stands beside ours at each number of workflows", () => {
  const { summary, pictures } = outcomeWith(workflowScalability, {
    config,
    measured: ({ contender, workflows }) => {
      const makespanMs = Number(workflows) * (contender === "DataFlower" ? 0.1 : 0.2);
      return { metrics: { makespanMs, workflowsPerSecond: (Number(workflows) / makespanMs) * 1e3, residentBytesMax: 1e8 } };
    },
  });
  expect(summary.ratios.map(({ median }) => median)).toEqual(Array(6).fill(2));
  expect(summary.headline).toBe("100 at once: 10.0 k [10.0 k, 10.0 k] workflows/s, 2.00 [2.00, 2.00] × async.auto");
  expect(pictures.map((picture) => picture.kind === "lines" && picture.lines.length)).toEqual([4, 4, 4]);
});

test("nothing measured is no error", () => {
  const { summary, pictures } = outcomeWith(workflowScalability, { config, measured: () => undefined });
  expect(summary.headline).toBe("not measured");
  expect(pictures).toHaveLength(3);
});

const burst = { workload: "fan-10", runs: 20, threads: 2, warmupMs: 1, measureMs: 5 };
const measure = (wanted: object) => callCompiled("harness/measurements/burst.js", "measureBursts", wanted) as Promise<BurstSample>; // as: what it returns

test.each(["dataflower", "promises-threads", "piscina-run", "async-auto"])("%s answers each run of a burst", async (contender) => {
  const { bursts, makespanMs, latencies, residentBytes } = await measure({ ...burst, contender });
  const all = LatencyHistogram.merged([latencies]);
  expect(all.count).toBe(20 * bursts);
  expect(makespanMs).toBeLessThanOrEqual(all.maxUs / 1e3 + 0.1);
  expect(residentBytes.first).toBeGreaterThanOrEqual(residentBytes.before);
  expect(residentBytes.max).toBeGreaterThanOrEqual(residentBytes.first);
});
