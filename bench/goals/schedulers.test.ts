/** What the goals of schedulers are measured with and how they are judged; the figures themselves are those of `npm run goals`. */

import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { bagRuns, durationOf, spreadDeadline, withDeadlines } from "../workloads/recorded-bag.js";
import { sharedDataOf } from "../workloads/recorded-traces.js";
import { verdictOf } from "./goal.js";
import { deadlineMisses } from "./scheduler-deadlines.js";
import { loadedBag } from "./scheduler-loads.js";
import { blindCases, blindWait, repeatErrors } from "./scheduler-predictions.js";
import { schedulerFindings } from "./schedulers-findings.js";

const packageRoot = fileURLToPath(new URL("../../", import.meta.url));

const nothing = { deadlines: [], blind: [], errors: [], loaded: [], decisions: [] };
const judged = (figures: Partial<Parameters<typeof schedulerFindings>[0]>) =>
  schedulerFindings({ ...nothing, ...figures }, 1)
    .filter((finding) => finding.estimate !== undefined && verdictOf(finding) !== "")
    .map((finding) => [verdictOf(finding), finding.estimate?.median]);

test("what was not measured is said, and nothing else", () => {
  const findings = schedulerFindings(nothing, 1);
  expect(new Set(findings.map(verdictOf))).toEqual(new Set(["not measured"]));
  expect(findings.length).toBeGreaterThan(20);
});

describe("deadlines are judged on the first kind of them", () => {
  const misses = (machines: number, scheduler: string, count: number, deadlines = "1.5 to 10 × duration") => ({
    ...{ deadlines, machines, scheduler, runs: 2_000, misses: count },
  });
  const table = (ours: number, oursFew: number) => [
    ...[misses(41, "fifo", 1_000), misses(41, "sjf", 200), misses(41, "deadline", ours)],
    ...[misses(35, "fifo", 1_100), misses(35, "sjf", 285), misses(35, "deadline", oursFew)],
    ...[misses(41, "fifo", 10, "2 × duration"), misses(41, "sjf", 10, "2 × duration"), misses(41, "deadline", 999, "2 × duration")],
  ];

  test.each([
    [100, 284, ["met", "met"]],
    [101, 285, ["missed", "missed"]],
  ])("%i beside FIFO, %i beside SJF", (ours, few, verdicts) => {
    expect(judged({ deadlines: table(ours, few) }).map(([verdict]) => verdict)).toEqual(verdicts);
  });
});

test("waits are judged beside FIFO", () => {
  const wait = (scheduler: string, secondHalfMs: number) => ({ scheduler, estimates: "none" as const, runs: 1, machines: 1, secondHalfMs });
  expect(judged({ blind: [wait("fifo", 100), wait("learned", 45), wait("sjf", 15)] })).toEqual([["met", 0.45]]);
  expect(judged({ blind: [wait("fifo", 100), wait("learned", 46), wait("sjf", 15)] })).toEqual([["missed", 0.46]]);
});

test("adaptive is judged beside the best static policy of each load, and by how many it has used", () => {
  const at = (load: number, scheduler: string, meanSlowdown: number) => ({ load, scheduler, runs: 1, machines: 1, meanSlowdown });
  const loaded = [at(0.5, "fifo", 8), at(0.5, "sjf", 2), { ...at(0.5, "adaptive", 2.2), starts: { sjf: 5 } }];
  expect(judged({ loaded })).toEqual([
    ["missed", 1.1],
    ["missed", 1],
  ]);
  const more = [...loaded, at(0.7, "sjf", 3), { ...at(0.7, "adaptive", 3), starts: { fifo: 1, sjf: 5 } }];
  expect(judged({ loaded: more }).slice(1)).toEqual([
    ["met", 1],
    ["met", 2],
  ]);
});

test("each policy's decision is judged by the median of its rounds", () => {
  const decisions = [900, 950, 1_200].map((medianNs) => ({ name: "policies: x", medianNs, calls: 1, batches: 1 }));
  expect(judged({ decisions })).toEqual([["met", 950]]);
});

const sharedData = sharedDataOf(packageRoot);
if (sharedData === undefined) console.warn("SKIPPED goals of schedulers: there is no third-party data in ../shared/data");

describe.skipIf(sharedData === undefined)("on recorded tasks", () => {
  const data = sharedData!; // skipped without

  test("deadlines spread from 1.5 to 10 times the duration", () => {
    const runs = bagRuns(data, { runs: 500, machines: 41 });
    const factors = withDeadlines(runs, spreadDeadline).map((run) => (run.deadlineMs! - run.submitMs) / durationOf(run));
    expect(factors[0]).toBeCloseTo(1.5, 9);
    expect(Math.min(...factors)).toBeGreaterThanOrEqual(1.5);
    expect(Math.max(...factors)).toBeGreaterThan(9.9);
    expect(Math.max(...factors)).toBeLessThanOrEqual(10);
  });

  test("FIFO misses about 1,026 of 2,000 on 41 machines, deadline far fewer", () => {
    const [fifo, sjf, deadline] = deadlineMisses(data, "1.5 to 10 × duration", 41);
    expect(fifo?.misses).toBe(1_026);
    expect(deadline!.misses).toBeLessThan(sjf!.misses);
  });

  test("whoever is told nothing waits longer than the oracle, and not as long as FIFO", () => {
    const [fifo, learned, oracle] = blindCases.map((one) => blindWait(data, one, 3_000).secondHalfMs);
    expect(learned).toBeLessThan(fifo!);
    expect(learned).toBeGreaterThan(oracle!);
  });

  test("a third recording is predicted better by two others than by chance", () => {
    const factors = Object.fromEntries(
      repeatErrors(data, 1).map(({ predictor, tasks, factor }) => [predictor, tasks > 0 ? factor : Number.NaN]),
    );
    expect(factors.learned).toBeLessThan(factors.constant!);
    expect(factors.learned).toBeLessThan(factors.random!);
    expect(factors["mean by id"]).toBeGreaterThan(1);
  });

  test("a load stretches the submissions, and adaptive tells what it has used", () => {
    const slowdowns = [0.5, 1.1].map((load) => loadedBag(data, load, "fifo", 500).meanSlowdown);
    expect(slowdowns[0]).toBeLessThan(slowdowns[1]!);
    const { starts = {} } = loadedBag(data, 1.1, "adaptive", 500);
    expect(Object.values(starts).reduce((sum, each) => sum + each, 0)).toBeGreaterThan(400);
  });
});
