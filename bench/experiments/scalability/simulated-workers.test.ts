import { expect, test } from "vitest";
import { callCompiled } from "../../harness/fresh-process.fixture.js";
import { checkGrid } from "../../workloads/spin-grid.js";
import { outcomeWith } from "../outcome.fixture.js";
import simulatedWorkers from "./simulated-workers.js";

const fixed_costs = { dispatch_us: 2, hop_us: 30, commit_us: 60 };
const config = { worker_counts: [1, 2, 4], width: 8, depth: 2, task_us: 1_000, fixed_costs, runs: 1 };
const always = (us: number) => ({ p50: us, p90: us, p99: us, max: us });
const grid = { width: 8, depth: 2, taskUs: 1_000 };

test("simulated makespans stand beside real ones, and how far they are off is told", () => {
  const { summary, pictures } = outcomeWith(simulatedWorkers, {
    config,
    rounds: 2,
    measured: ({ costs }) => {
      const simulated = { simulated1Ms: 16, simulated2Ms: 8, simulated4Ms: 4 };
      return { metrics: costs === "measured costs" ? { ...simulated, real1Ms: 16, real2Ms: 10 } : simulated };
    },
  });
  expect(summary.derived["error at 1 workers"]!.median).toBe(0);
  expect(summary.derived["error at 2 workers"]!.median).toBeCloseTo(-0.2, 9);
  expect(summary.headline).toContain("−20.0 % [−20.0 %, −20.0 %] at 2; 4 simulated workers are 4.0 × as fast as one");
  expect(pictures[0]!.kind === "lines" && pictures[0]!.hatchedFrom).toBe(2);
});

test("nothing measured is no error", () => {
  const { summary, pictures } = outcomeWith(simulatedWorkers, { config, measured: () => undefined });
  expect([summary.headline, summary.derived, pictures.length]).toEqual(["not measured", {}, 2]);
});

test("simulations give the same for the same costs, never less than any schedule must take, and more where tasks cost more", async () => {
  const simulate = (us: number) => {
    const costs = { dispatchUs: us, hopUs: always(us), commitUs: always(us) };
    const wanted = { ...grid, workerCounts: [1, 2, 16], costs };
    return callCompiled("experiments/measured/spin-grid-runs.js", "simulateSpinGrid", wanted) as Promise<number[]>; // as: what it returns
  };
  const [free, again, dear] = [await simulate(0), await simulate(0), await simulate(500)];
  expect(again).toEqual(free);
  expect(free[0]).toBeCloseTo(16, 6);
  [16, 8, 2].forEach((boundMs, at) => void expect(free[at]).toBeGreaterThanOrEqual(boundMs - 1e-6));
  dear.forEach((ms, at) => void expect(ms).toBeGreaterThan(free[at]!));
});

test("real threads keep busy for as long as all tasks take", async () => {
  const wanted = { ...grid, workers: 1, runs: 1 };
  expect(await callCompiled("experiments/measured/spin-grid-runs.js", "measureSpinGrid", wanted)).toBeGreaterThanOrEqual(16);
});

test("an answer counts only when the last row has seen all rows above it", () => {
  checkGrid(grid, Array(8).fill(2));
  expect(() => checkGrid(grid, [...Array(7).fill(2), 1])).toThrow("Cannot count this run");
  expect(() => checkGrid(grid, Array(7).fill(2))).toThrow("Cannot count this run");
});
