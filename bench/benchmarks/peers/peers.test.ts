import { describe, expect, test } from "vitest";
import type { LabelledSample } from "../measure-units.js";
import { bestPeers, plotsOf, render } from "./report.js";
import { type Printed, summarise } from "./summary.js";
import { GRAPHS, type Labels, unitsOf, WORD_COUNT } from "./units.js";

type Sample = LabelledSample<Labels, Printed>;

/** Three rounds, a little apart. */
function graphSamples(contender: string, workload: string, tasksPerSecond: number, handlers: "sync" | "async" = "sync"): Sample[] {
  return [0.98, 1, 1.02].map((factor, round) => {
    const rate = tasksPerSecond * factor;
    return { round, contender, workload, handlers, runs: 1, elapsedMs: 1, runsPerSecond: rate / 100, tasksPerSecond: rate };
  });
}

const wordSamples = (contender: string, ms: number): Sample[] =>
  [0, 1, 2].map((round) => ({
    round,
    contender,
    workload: WORD_COUNT,
    handlers: "sync",
    fileCount: 99,
    wordCount: 1,
    makespansMs: [ms, ms * 9, ms],
  }));

const samples = [
  ...graphSamples("promises-threads", "fft-96", 4e6),
  ...graphSamples("dataflower", "fft-96", 1e6),
  ...graphSamples("workerpool-task", "fft-96", 1e4),
  ...graphSamples("sequential", "fft-96", 4e7),
  ...graphSamples("async-auto", "fft-96", 2e5),
  ...graphSamples("dataflower", "fft-96", 8e5, "async"),
  ...graphSamples("async-auto", "fft-96", 1e5, "async"),
  ...wordSamples("dataflower", 100),
  ...wordSamples("workerpool-task", 50),
];
const summary = summarise(samples, 1);
const cell = (contender: string, workload: string, handlers = "sync") =>
  summary.find((one) => one.contender === contender && one.workload === workload && one.handlers === handlers);

describe("summary", () => {
  test("a cell is the median of the rounds, and its ratio to DataFlower in the same rounds", () => {
    expect(cell("async-auto", "fft-96")?.tasksPerSecond.median).toBe(2e5);
    expect(cell("async-auto", "fft-96")?.dataflowerRatio?.median).toBeCloseTo(5);
    expect(cell("async-auto", "fft-96", "async")?.dataflowerRatio?.median).toBeCloseTo(8);
    expect(cell("dataflower", "fft-96")?.dataflowerRatio).toBeUndefined();
  });

  test("word count has a task a file and one that merges, in the median of its times", () => {
    expect(cell("dataflower", WORD_COUNT)?.tasksPerSecond.median).toBe(1000);
    expect(cell("workerpool-task", WORD_COUNT)?.dataflowerRatio?.median).toBe(0.5);
  });

  test("has one cell for each contender, workload and kind of handlers", () => expect(summary).toHaveLength(9));
});

describe("report", () => {
  const text = render(summary, 2);

  test("says first who is faster than DataFlower, and nothing of who is not", () => {
    const wins = text.slice(0, text.indexOf("Tasks/s"));
    expect(wins).toContain("Promise.all in threads, sync: fft-96 (0.250 [");
    expect(wins).toContain("workerpool task, sync: word-count (0.500 [");
    expect(wins).toContain("plain loop, sync: fft-96");
    expect(wins).not.toContain("async.auto");
    expect(wins).not.toContain("workerpool task, sync: fft-96");
  });

  test("says so when nobody is", () => expect(render(summary.slice(1, 3), 2)).toMatch(/^Nobody is faster/));

  test("who is hardly faster, and not in all rounds, does not win", () => {
    const theirs = graphSamples("p-graph", "fft-96", 1.01e6).toReversed();
    expect(render(summarise([...graphSamples("dataflower", "fft-96", 1e6), ...theirs], 1), 2)).toMatch(/^Nobody is faster/);
  });

  test("has a row for each contender in the order of the titles, and dashes for what was not measured", () => {
    const rows = text.split("\n");
    const first = rows.findIndex((row) => row.startsWith("contender"));
    expect(rows[first]).toMatch(/^contender +fft-96 +word-count$/);
    expect(rows.slice(first + 2, first + 7).map((row) => row.split(/ {2,}/))).toEqual([
      ["DataFlower", "1.00 M", "1.00 k"],
      ["plain loop", "40.0 M", "-"],
      ["Promise.all in threads", "4.00 M", "-"],
      ["async.auto", "200 k", "-"],
      ["workerpool task", "10.0 k", "2.00 k"],
    ]);
  });

  test("the best peers run tasks and are not DataFlower", () => {
    const sync = summary.filter(({ handlers }) => handlers === "sync");
    expect(bestPeers(sync)).toEqual(["promises-threads", "async-auto", "workerpool-task"]);
  });

  test("draws a picture for each workload and kind of handlers", () => {
    expect(plotsOf(summary, 2).map(({ name }) => name)).toEqual(["fft-96-sync", "word-count-sync", "fft-96-async"]);
  });
});

test("every contender meets every graph, async too but for the plain loop, and those that can count words", () => {
  const units = unitsOf({ rounds: 1, seed: 1, cores: 2, packageRoot: "", isQuick: false });
  const ofGraphs = units.filter(({ workloads }) => !workloads.includes(WORD_COUNT));
  for (const { workloads } of ofGraphs) expect(workloads).toEqual(GRAPHS);
  const asynchronous = ofGraphs.filter(({ labels }) => labels.handlers === "async").map(({ contender }) => contender);
  const synchronous = ofGraphs.filter(({ labels }) => labels.handlers === "sync").map(({ contender }) => contender);
  expect(asynchronous).toEqual(synchronous.filter((contender) => contender !== "sequential"));
  expect(new Set(synchronous).size).toBe(synchronous.length);
  for (const { parameters, labels } of ofGraphs) expect(parameters).toMatchObject({ handlers: labels.handlers, inFlight: 64, threads: 2 });
});
