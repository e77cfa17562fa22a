import { expect, test } from "vitest";
import { durableContenderNames } from "../../peers/durable/contenders.js";
import type { LabelledSample } from "../measure-units.js";
import { plotsOf, render } from "./report.js";
import { availableRows, ROWS } from "./rows.js";
import { summarise } from "./summary.js";
import { type Labels, RUNS_IN_FLIGHT, unitsOf, WORKLOADS } from "./units.js";

const options = { rounds: 1, seed: 1, cores: 2, packageRoot: "", isQuick: false, restate: "/restate" };
const units = unitsOf(ROWS, options);

test("rows have titles of their own, and every contender has one", () => {
  expect(new Set(ROWS.map(({ title }) => title)).size).toBe(ROWS.length);
  const peers = durableContenderNames.filter((name) => name !== "control-flow"); // another way to use our own engine, and nobody's product
  expect(new Set(ROWS.map(({ contender }) => contender))).toEqual(new Set(peers));
});

test("every row meets every graph at every number of runs in flight, a flow only the trees", () => {
  for (const row of ROWS) {
    const ofRow = units.filter(({ labels }) => labels.row === row.title);
    const workloads = row.contender === "bullmq-flow" ? ["chain-40", "fan-in-101"] : WORKLOADS;
    expect(ofRow.map(({ workloads: [workload], labels }) => `${workload} ${labels.inFlight}`)).toEqual(
      workloads.flatMap((workload) => RUNS_IN_FLIGHT.map((inFlight) => `${workload} ${inFlight}`)),
    );
    for (const { contender, parameters, labels } of ofRow) {
      const { store, durability, commit } = row;
      expect(contender).toBe(row.contender);
      expect(parameters).toMatchObject({ store, durability, commit, inFlight: labels.inFlight, threads: 2, restate: "/restate" });
    }
  }
});

test("its tiny form has every row once", () => {
  expect(unitsOf(ROWS, { ...options, isQuick: true }).map(({ labels }) => labels.row)).toEqual(ROWS.map(({ title }) => title));
});

test("what is not installed is left out, and says so", () => {
  const { rows, notices } = availableRows(undefined, () => true);
  expect([...new Set(rows.map(({ contender }) => contender))]).toEqual(["dataflower", "bullmq-jobs", "bullmq-flow"]);
  expect(notices).toEqual([
    expect.stringMatching(/^Restate is measured with --restate FOLDER .*npm install --ignore-scripts --prefix FOLDER/),
  ]);
  const none = availableRows("/no-such-folder", () => false);
  expect(new Set(none.rows.map(({ store }) => store))).toEqual(new Set(["lmdb"]));
  expect(none.notices).toEqual([
    expect.stringMatching(/^SKIPPED what needs Redis/),
    expect.stringMatching(/^SKIPPED Restate: .*--prefix \/no-such-folder/),
  ]);
});

const [jobs, , flow] = ROWS.filter(({ contender }) => contender.startsWith("bullmq")).map(({ title }) => title);
const sample = (row: string, workload: string, inFlight: number, tasksPerSecond: number): LabelledSample<Labels, never> =>
  ({ round: 0, contender: "", row, workload, inFlight, runs: 1, elapsedMs: 1, runsPerSecond: 1, tasksPerSecond }) as never; // as: what a unit prints
const summary = summarise(
  [
    sample(flow!, "chain-40", 100, 4_000),
    sample(jobs!, "chain-40", 100, 9_000),
    sample(jobs!, "chain-40", 100, 7_000),
    sample(jobs!, "chain-40", 100, 8_000),
    sample(jobs!, "stencil-100", 100, 6_000),
    sample(jobs!, "chain-40", 1, 500),
  ],
  1,
);

test("a cell is the median of the rounds with its interval", () => {
  expect(summary).toHaveLength(4);
  expect(
    summary.find(({ row, workload, inFlight }) => row === jobs && workload === "chain-40" && inFlight === 100)?.tasksPerSecond,
  ).toEqual({
    median: 8_000,
    low: 7_000,
    high: 9_000,
  });
});

test("the report says how far each row goes, and has a table for each number of runs in flight, with dashes for what was not measured", () => {
  const rows = render(summary)
    .split("\n")
    .map((row) => row.split(/ {2,}/));
  expect(rows).toContainEqual([jobs, "all processes", "strict", "AOF everysec", expect.stringContaining("redis-server")]);
  const [one, hundred] = ["one run", "100 runs"].map((text) => rows.findIndex(([first]) => first!.includes(`${text} in flight`)));
  expect(rows.slice(one! + 4, one! + 7)).toEqual([[jobs, "500 [500, 500]"], [flow, "-"], [""]]);
  expect(rows.slice(hundred! + 2, hundred! + 7)).toEqual([
    ["contender", "chain-40", "stencil-100"],
    expect.anything(),
    [jobs, "8.00 k [7.00 k, 9.00 k]", "6.00 k [6.00 k, 6.00 k]"],
    [flow, "4.00 k [4.00 k, 4.00 k]", "-"],
    [""],
  ]);
});

test("draws a picture for each workload and number of runs in flight", () => {
  expect(plotsOf(summary).map(({ name }) => name)).toEqual(["chain-40-in-flight-100", "stencil-100-in-flight-100", "chain-40-in-flight-1"]);
});
