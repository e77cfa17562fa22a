import { describe, expect, test } from "vitest";
import { LatencyHistogram } from "../../harness/latency-histogram.js";
import type { Sample } from "../sample.js";
import { type Summary, summarise } from "../summary.js";
import { atLeast, together } from "./claim.js";
import { assessAll, claims } from "./claims.js";

const SEED = 1;

interface Given {
  readonly category: string;
  readonly experiment: string;
  readonly profile?: "quick" | "full";
  readonly variants: Readonly<Record<string, Readonly<Record<string, string | number>>>>;
  readonly samples: readonly Omit<Sample, "stealShare" | "repeats">[];
  readonly comparisons?: Parameters<typeof summarise>[1]["comparisons"];
  readonly derived?: Summary["derived"];
}

/** As the program computes it: from samples. */
function summaryOf({ category, experiment, profile = "full", variants, samples, comparisons = [], derived = {} }: Given): Summary {
  const whole = samples.map((sample) => ({ stealShare: 0, repeats: 0, ...sample }));
  const named = Object.entries(variants).map(([key, labels]) => ({ key, labels }));
  const base = { category, experiment, question: "?", headline: "", profile, seed: SEED, rounds: 5, isPartial: false, command: "" };
  return { ...base, ...summarise(whole, { variants: named, comparisons, seed: SEED }), derived, problems: [] };
}

const verdictsOf = (...summaries: Summary[]) => Object.fromEntries(assessAll(summaries).map(({ name, verdict }) => [name, verdict]));
const rounds = [0, 1, 2, 3, 4];

/** Five rounds of us and of a simple executor, `factor` times as slow as we are. */
function realSystems(factor: number, profile: "quick" | "full" = "full"): Given {
  const samples = rounds.flatMap((round) => [
    { variant: "ours", round, metrics: { tasksPerSecond: 1_000_000 } },
    { variant: "theirs", round, metrics: { tasksPerSecond: 1_000_000 / factor } },
  ]);
  const comparisons = [{ name: "DataFlower ÷ async.auto, stencil-100", metric: "tasksPerSecond", of: "ours", to: "theirs" }];
  return { category: "comparison", experiment: "real_systems", profile, variants: { ours: {}, theirs: {} }, samples, comparisons };
}

describe("the speed of simple executors", () => {
  test.each([
    [3.5, "holds"],
    [7, "holds"],
    [2.9, "does not hold"],
  ])("%s × as fast: it %s", (factor, verdict) => expect(verdictsOf(summaryOf(realSystems(factor)))["simple-dag-executors"]).toBe(verdict));

  test("one changed sample changes the verdict", () => {
    const given = realSystems(3.5);
    expect(verdictsOf(summaryOf(given))["simple-dag-executors"]).toBe("holds");
    const [first, ...others] = given.samples;
    const changed = { ...first!, metrics: { tasksPerSecond: 500_000 } };
    expect(verdictsOf(summaryOf({ ...given, samples: [changed, ...others] }))["simple-dag-executors"]).toBe("partly");
  });

  test("a quick look does not judge it", () =>
    expect(verdictsOf(summaryOf(realSystems(7, "quick")))["simple-dag-executors"]).toBe("needs --profile full"));
});

test("what was measured in two rounds only is not assessed", () => {
  const given = realSystems(3.5);
  const [claim] = assessAll([summaryOf({ ...given, samples: given.samples.filter(({ round }) => round < 2) })]).filter(
    ({ name }) => name === "simple-dag-executors",
  );
  expect(claim).toMatchObject({ verdict: "not assessed", note: "it takes 3 rounds: 2 were measured" });
});

test("what was not measured is not assessed", () => {
  expect(new Set(Object.values(verdictsOf()))).toEqual(new Set(["not assessed"]));
  expect(Object.keys(verdictsOf())).toEqual(claims.map(({ name }) => name));
});

test("near-linear growth is judged by tasks that wait, in runs that went to a thousand", () => {
  const of = (median: number, low = median) =>
    verdictsOf(
      summaryOf({
        category: "scalability",
        experiment: "concurrent_workflows",
        variants: {},
        samples: [],
        derived: { "waiting dataflower efficiencyAt1000": { median, low, high: 1 } },
      }),
    )["near-linear"];
  expect([of(0.9), of(0.82, 0.7), of(0.5)]).toEqual(["holds", "partly", "does not hold"]);
});

describe("success under failures", () => {
  const cell = (tasks: number, attempts: number, hits: number): Given["samples"][number] => ({
    variant: `${tasks} ${attempts}`,
    round: 0,
    shares: { "completedAt0.2": { hits, of: 1_000 } },
  });
  const of = (...cells: [tasks: number, attempts: number, hits: number][]) =>
    verdictsOf(
      summaryOf({
        category: "fault_tolerance",
        experiment: "task_failures",
        variants: Object.fromEntries(cells.map(([tasks, attempts]) => [`${tasks} ${attempts}`, { tasks, attempts }])),
        samples: cells.map((one) => cell(...one)),
      }),
    )["success-under-failures"];

  test("holds where every size completes with the default attempts", () => expect(of([10, 3, 990], [100, 3, 980])).toBe("holds"));
  test("holds in part where more attempts are needed", () => expect(of([10, 3, 920], [100, 3, 450], [100, 5, 970])).toBe("partly"));
  test("does not hold where none are enough", () => expect(of([10, 3, 920], [100, 3, 450])).toBe("does not hold"));
  test("is not judged by small workflows alone", () => expect(of([10, 3, 990])).toBe("not assessed"));
});

test("cost is judged against the cheapest single size of each plan", () => {
  const of = (...saved: number[]) =>
    verdictsOf(
      summaryOf({
        category: "comparison",
        experiment: "cost",
        variants: Object.fromEntries(saved.map((_, at) => [`plan ${at}`, {}])),
        samples: saved.map((savedShare, at) => ({ variant: `plan ${at}`, round: 0, metrics: { savedShare, savedShareOfWholeCore: 0.5 } })),
      }),
    )["lower-cost"];
  expect([of(0.45, 0.5), of(0.1, 0.5), of(0.1, 0.2)]).toEqual(["holds", "partly", "does not hold"]);
});

test("latencies are judged at half load, and only of enough runs that were kept up with", () => {
  const of = (ms: number, count: number, hits = 1) => {
    const histogram = LatencyHistogram.empty();
    for (let run = 0; run < count; run++) histogram.recordMs(ms);
    const variant = "DataFlower, profile latency";
    const samples = [{ variant, round: 0, shares: { "kept up at 50 %": { hits, of: 1 } }, latencies: { "50 %": histogram.encoded() } }];
    return verdictsOf(summaryOf({ category: "performance", experiment: "latency", variants: { [variant]: {} }, samples })).latency;
  };
  expect([of(0.2, 10_000), of(150, 10_000), of(0.2, 9_999)]).toEqual(["holds", "does not hold", "not assessed"]);
  expect(of(0.2, 10_000, 0)).toBe("not assessed"); // it did not keep up
});

test("data flow is judged by what it adds to control flow; less than claimed, but more than none, holds in part", () => {
  const of = (factor: number) => {
    const samples = rounds.flatMap((round) => [
      { variant: "data", round, metrics: { runsPerSecond: factor * 1_000 } },
      { variant: "control", round, metrics: { runsPerSecond: 1_000 } },
    ]);
    const name = "peak throughput: data flow ÷ control flow";
    const comparisons = [{ name, metric: "runsPerSecond", of: "data", to: "control" }];
    const given = { category: "comparison", experiment: "data_flow", variants: { data: {}, control: {} }, samples, comparisons };
    return verdictsOf(summaryOf(given))["paper-peak-throughput"];
  };
  expect([of(4), of(2), of(0.9)]).toEqual(["holds", "partly", "does not hold"]);
});

test("verdicts by intervals", () => {
  expect(atLeast({ median: 5, low: 3, high: 8 }, 3)).toBe("holds");
  expect(atLeast({ median: 5, low: 2, high: 8 }, 3)).toBe("partly");
  expect(atLeast({ median: 2, low: 1, high: 8 }, 3)).toBe("does not hold");
  expect(together(["holds", "does not hold"])).toBe("partly");
  expect(together(["does not hold", "does not hold"])).toBe("does not hold");
});
