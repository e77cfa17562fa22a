import { describe, expect, test } from "vitest";
import { CURVES, type CurveName, RUNS_IN_FLIGHT, TASKS_IN_FLIGHT_MAX } from "./curves.js";
import { plotOf, render } from "./report.js";
import { type Sample, summarise } from "./summary.js";
import { unitsOf } from "./units.js";

const units = unitsOf({ rounds: 1, seed: 1, cores: 2, packageRoot: "", isQuick: false });
const unitsAt = (curve: CurveName, contender: string) =>
  units.filter((unit) => unit.labels.curve === curve && unit.contender === contender);
const LADDER = [1, 3, 10, 30, 100, 300, 1_000, 3_000, 10_000];

describe("units", () => {
  test("every size is measured once, with fewer runs in flight where they are huge", () => {
    const sizes = unitsAt("size", "dataflower").flatMap(({ workloads, parameters }) =>
      workloads.map((workload) => ({ size: Number(workload.replace("stencil-", "")), ...parameters })),
    );
    expect(sizes.map(({ size }) => size)).toEqual(LADDER);
    for (const unit of sizes) {
      const inFlight = "inFlight" in unit ? unit.inFlight : Number.NaN;
      expect(inFlight * unit.size).toBeLessThanOrEqual(TASKS_IN_FLIGHT_MAX);
      if (unit.size <= 1_000) expect(inFlight).toBe(RUNS_IN_FLIGHT);
    }
  });

  test("runs in flight and workers are what their curves say", () => {
    const inFlight = unitsAt("in-flight", "dataflower");
    expect(inFlight.map(({ labels }) => labels.x)).toEqual(LADDER);
    for (const { labels, parameters } of inFlight) expect(parameters).toMatchObject({ inFlight: labels.x, threads: 2 });
    const workers = unitsAt("workers", "dataflower");
    expect(workers.map(({ labels }) => labels.x)).toEqual([0, 1, 2]);
    for (const { labels, parameters } of workers) expect(parameters).toMatchObject({ threads: labels.x, inFlight: RUNS_IN_FLIGHT });
    expect(unitsAt("workers", "piscina-run").map(({ labels }) => labels.x)).toEqual([1, 2]);
  });
});

const sample = (contender: string, curve: CurveName, at: { x?: number; workload?: string }, rate: number): Sample => ({
  round: 0,
  contender,
  workload: "fan-10",
  curve,
  runs: 1,
  elapsedMs: 1,
  runsPerSecond: rate,
  tasksPerSecond: rate * 10,
  ...at,
});
const samples = [
  sample("dataflower", "size", { workload: "stencil-100" }, 900),
  sample("dataflower", "size", { workload: "stencil-10" }, 100),
  sample("dataflower", "size", { workload: "stencil-10" }, 300),
  sample("piscina-run", "size", { workload: "stencil-100" }, 5_000),
  sample("dataflower", "in-flight", { x: 3 }, 70),
];
const [size, inFlight] = CURVES.map((curve) => summarise(curve, samples, 1));

describe("summary", () => {
  test("a line has its points from left to right, each the median of the rounds", () => {
    expect(size?.lines.map(({ contender, points }) => [contender, points.map(({ x, y }) => [x, y.median])])).toEqual([
      [
        "dataflower",
        [
          [10, 2_000],
          [100, 9_000],
        ],
      ],
      ["piscina-run", [[100, 50_000]]],
    ]);
  });

  test("by runs in flight it is runs that count", () => {
    expect(inFlight?.lines.map(({ points }) => points)).toEqual([[{ x: 3, y: { median: 70, low: 70, high: 70 } }]]);
  });
});

test("the report has a row a point, with a dash where a contender has none, and a picture a curve", () => {
  const rows = render(size!, 2).split("\n");
  expect(rows[2]).toMatch(/^tasks in a run +DataFlower +piscina run$/);
  expect(rows[4]).toMatch(/^ +10 +2.00 k \[1.00 k, 3.00 k\] +-$/);
  expect(rows[5]).toMatch(/^ +100 +9.00 k \[9.00 k, 9.00 k\] +50.0 k \[/);
  expect(plotOf(size!, 2)).toMatchObject({
    name: "size",
    lines: expect.arrayContaining([expect.objectContaining({ name: "DataFlower" })]),
  });
});
