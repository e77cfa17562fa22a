import { expect, test } from "vitest";
import { callCompiled, measureInFreshProcess } from "../../harness/fresh-process.fixture.js";
import { LatencyHistogram } from "../../harness/latency-histogram.js";
import { graphOf } from "../../workloads/graphs.js";
import { type DurableRunsSample, measureRuns } from "../measured/durable-runs.js";
import { outcomeWith } from "../outcome.fixture.js";
import dataFlow from "./data-flow.js";

const config = { latency_workload: "chain-5", latency_runs: 10, throughput_workload: "stencil-20", in_flight: 4 };

test("data flow stands beside control flow, and each of its two factors by itself", () => {
  const { summary, pictures } = outcomeWith(dataFlow, {
    config,
    rounds: 2,
    measured: ({ measure, release, storing }) => {
      const factor = (release === "local" ? 4 : 1) * (storing === "after" ? 1.5 : 1);
      return { metrics: measure === "latency" ? { p99Ms: 12 / factor } : { runsPerSecond: 100 * factor } };
    },
  });
  const ratios = Object.fromEntries(summary.ratios.map(({ name, median }) => [name, median]));
  expect(ratios["P99 of runs: data flow ÷ control flow"]).toBeCloseTo(1 / 6, 9);
  expect(ratios["peak throughput: data flow ÷ control flow"]).toBe(6);
  expect(ratios["peak throughput: local ÷ control release, stored before"]).toBe(4);
  expect(ratios["peak throughput: stored after ÷ before, control release"]).toBe(1.5);
  expect(summary.ratios).toHaveLength(10);
  expect(pictures.map((picture) => picture.kind === "bars" && picture.bars.map(({ isHighlighted }) => isHighlighted))).toEqual(
    Array(2).fill([false, true, false, false]),
  );
});

test("nothing measured is no error", () => {
  const { summary, pictures } = outcomeWith(dataFlow, { config, measured: () => undefined });
  expect([summary.headline, pictures.length]).toEqual(["not measured", 2]);
});

const kept = { store: "lmdb", durability: "process", threads: 2 } as const;
const sorts = ["dataflower", "control-flow"].flatMap((contender) =>
  (["strict", "pipelined"] as const).map((commit) => ({ contender, commit })),
);

test.each(sorts)("$contender, $commit: runs are answered one at a time and many at a time", async ({ contender, commit }) => {
  const one = { ...kept, contender, commit, workload: "chain-5", warmupRuns: 2, runs: 20 };
  const sample = (await callCompiled("experiments/measured/durable-runs.js", "measureDurableRuns", one)) as DurableRunsSample;
  expect(LatencyHistogram.merged([sample.latencies]).count).toBe(20);
  expect(sample.p99Ms).toBeGreaterThanOrEqual(sample.p50Ms);
  const parameters = { measure: "durable", ...kept, commit, inFlight: 8, warmupMs: 1, measureMs: 20 } as const;
  const workloads = ["stencil-100", "fan-10"];
  const many = (await measureInFreshProcess({ contender, workloads, parameters })) as { runs: number }[];
  expect(many.every(({ runs }) => runs > 0)).toBe(true);
});

test("a wrong answer ends the measurement", async () => {
  const graph = graphOf("chain-5");
  let runs = 0;
  const session = { run: async () => graph.expected({ v: ++runs === 3 ? -1 : runs - 1, name: "run" }), close: async () => {} };
  await expect(measureRuns(session, graph, { warmupRuns: 1, runs: 4 })).rejects.toThrow("Cannot count run 2 of chain-5");
});
