import { expect, test } from "vitest";
import { callCompiled } from "../../harness/fresh-process.fixture.js";
import { rateBy } from "../../harness/scalability-law.js";
import { measureSteadyLoop, type SteadyRate } from "../../harness/steady-loop.js";
import { waitingChain } from "../../workloads/waiting-chain.js";
import { outcomeWith } from "../outcome.fixture.js";
import concurrentWorkflows from "./concurrent-workflows.js";

const config = { concurrency: [1, 10, 100, 1_000], workflow_size: 10, waiting_tasks: 2, wait_ms: 5, ramp_ms_per_run: 1 };
const law = { lambda: 50, sigma: 0.002, kappa: 1e-6 };

test("what fits our curves is told, and what is left of linear growth at a thousand runs", () => {
  const { summary, pictures } = outcomeWith(concurrentWorkflows, {
    config,
    rounds: 3,
    measured: ({ kind, inFlight }) => ({ metrics: { runsPerSecond: kind === "waiting" ? rateBy(law, Number(inFlight)) : 4_000 } }),
  });
  const { derived } = summary;
  expect(derived["waiting dataflower lambdaPerSecond"]!.median).toBeCloseTo(50, 3);
  expect(derived["waiting dataflower sigma"]!.median).toBeCloseTo(0.002, 6);
  expect(derived["waiting dataflower kappa"]!.median).toBeCloseTo(1e-6, 8);
  expect(derived["waiting dataflower peakInFlight"]!.median).toBeCloseTo(Math.sqrt(0.998 / 1e-6), 0);
  expect(derived["waiting dataflower efficiencyAt1000"]!.median).toBeCloseTo(rateBy(law, 1_000) / 50_000, 9);
  expect(derived["computing dataflower efficiencyAt1000"]!.median).toBeCloseTo(1 / 1_000, 9);
  expect(derived["computing dataflower logSlope"]!.median).toBeCloseTo(0, 9);
  expect(summary.headline).toContain("0.250 [0.250, 0.250]");
  const [waiting] = pictures;
  expect(waiting!.kind === "lines" && waiting!.lines.map(({ name, stroke }) => [name, stroke])).toEqual([
    ["DataFlower", undefined],
    ["Promise.all", undefined],
    ["linear", "dashed"],
    ["fit: λ 50.0, σ 0.0020, κ 0.0000010", "dashed"],
  ]);
});

test("a figure that is not finite is left out, and nothing measured is no error", () => {
  const linear = outcomeWith(concurrentWorkflows, {
    config,
    measured: ({ inFlight }) => ({ metrics: { runsPerSecond: Number(inFlight) } }),
  });
  expect(Object.keys(linear.summary.derived)).not.toContain("waiting dataflower peakInFlight");
  expect(linear.summary.derived["waiting dataflower efficiencyAt1000"]!.median).toBe(1);
  const nothing = outcomeWith(concurrentWorkflows, { config, measured: () => undefined });
  expect(nothing.summary.headline).toBe("not measured");
  expect(nothing.summary.derived).toEqual({});
});

test.each(["dataflower", "promises"])("%s waits for its timers, many runs at a time", async (contender) => {
  const wanted = { contender, tasks: 2, waitMs: 10, threads: 1, inFlight: 8, warmupMs: 50, measureMs: 300 };
  const { runs, runsPerSecond } = (await callCompiled("experiments/measured/waiting-runs.js", "measureWaitingRuns", wanted)) as SteadyRate;
  expect(runs).toBeGreaterThan(0);
  expect(runsPerSecond).toBeLessThan(8 / 0.019);
});

test("a wrong answer ends the measurement", async () => {
  const wrong = { run: async () => [{ v: 7, name: "wrong" }], close: async () => {} };
  const load = { graph: waitingChain({ tasks: 2, waitMs: 1 }), inFlight: 1, warmupMs: 1, durationMs: 5 };
  await expect(measureSteadyLoop(wrong, load)).rejects.toThrow("Cannot count run 0");
});
