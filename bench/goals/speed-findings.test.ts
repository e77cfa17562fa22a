import { expect, test } from "vitest";
import type { LoadLatency } from "../benchmarks/load-latencies.js";
import { plainFinding, verdictOf } from "./goal.js";
import { type SpeedFigures, speedFindings } from "./speed-findings.js";

const exactly = (value: number) => plainFinding({ name: "", unit: "ms", command: "" }, value).estimate!;
const load: LoadLatency = {
  ...{ workers: 1, profile: "throughput", share: 0.5, capacityPerSecond: 1, offeredPerSecond: 1, count: 10_000 },
  ...{ p50: 300, p90: 1_000, p99: 10_000, max: 10_000, verdict: "ok" },
};
const metg = (level: number, us: number) => ({ level, us: exactly(us), smallestShare: 0.25 });
const start = { bareNode: 1, importingNode: 1, commandLine: 400, importMs: 1, startMs: 150, firstRunMs: 1 };

/** Everything just at its limit. */
const atLimits: SpeedFigures = {
  metg: [{ contender: "dataflower", width: 2, points: [], metg: [metg(0.5, 12), metg(0.8, 50)] }],
  hops: [
    { kind: "warm", count: 10_000, stayedShare: 0, p50: 5, p90: 10, p99: 50, max: 60, ownP50: 1 },
    { kind: "cold", count: 200, stayedShare: 0, p50: 100, max: 200, ownP50: 1 },
  ],
  loads: [load, { ...load, profile: "latency", p50: 1e6 }],
  spins: [],
  wordCounts: [{ makespanMs: 130, lowerMs: 91, upperMs: 100 }],
  memory: {
    pending: ([0, 1] as const).map((workers) => ({
      ...{ workers, stage: "ready", runs: 1, pendingOfRun: 100_000, pending: 100_000 },
      ...{ bytes: exactly(300), withGraph: exactly(1e6), resident: exactly(1e6) },
    })),
    largeGraph: { tasks: 1_000_000, startMs: exactly(1), runMs: exactly(1), residentMb: exactly(1_000) },
    resident: { runs: 100_000, growthMb: exactly(10), curves: [] },
  },
  start: {
    figures: Object.fromEntries(Object.entries(start).map(([name, ms]) => [name, exactly(ms)])) as SpeedFigures["start"]["figures"],
  }, // as: the same names
};

const verdicts = (figures: Partial<SpeedFigures> = {}) =>
  Object.fromEntries(speedFindings({ ...atLimits, ...figures }, 1).map((finding) => [finding.name, verdictOf(finding)]));

test("at their limits all goals are met; what was not measured says so, and the rest is printed", () => {
  expect(verdicts()).toEqual({
    "METG(50 %), stencil W = 2": "met",
    "METG(50 %), stencil W = 2: tasks of the less busy worker": "met",
    "METG(80 %), stencil W = 2": "met",
    "METG(80 %), stencil W = 2: tasks of the less busy worker": "met",
    "hop to the other worker, warm, P50 of 10,000": "met",
    "hop to the other worker, warm, P99": "met",
    "hop to the other worker, cold, P50 of 200": "met",
    "10-task runs at 50 % of capacity, workers 1, throughput, P50 of 10,000": "met",
    "10-task runs at 50 % of capacity, workers 1, throughput, P99 of 10,000": "met",
    "10-task runs at 50 % of capacity, workers 1, latency, P50 of 10,000": "",
    "10-task runs at 50 % of capacity, workers 1, latency, P99 of 10,000": "",
    "replays that spin: digest right: 0 of 0": "not measured",
    "replays that spin: lb ≤ makespan ≤ 1.10 × graham_ub + 20 ms: 0 of 0": "not measured",
    "replays that spin: largest makespan ÷ graham_ub": "not measured",
    "replays that spin: lb ÷ makespan, median": "not measured",
    "word count: makespan ÷ (1.10 × Graham's bound of its task times + 20 ms)": "met",
    "word count: lower bound ÷ makespan": "",
    "a pending task, ready, 100,000 of 1 runs": "met",
    "a graph of 1,000,000 tasks: most that the process has resident": "met",
    "100,000 runs in a row: growth over half of them": "met",
    "DataFlower.start(), a worker a core": "met",
    "dataflower run of five tasks, whole process": "met",
  });
});

test("a little more misses them", () => {
  const [warm, cold] = atLimits.hops;
  const [one] = atLimits.memory.pending;
  const missed = verdicts({
    metg: [{ ...atLimits.metg[0]!, metg: [metg(0.5, 12.1), { ...metg(0.8, Number.POSITIVE_INFINITY), smallestShare: 0.24 }] }],
    hops: [
      { ...warm!, p50: 5.1, p99: 51 },
      { ...cold!, p50: 101 },
    ],
    loads: [{ ...load, p50: 301, p99: 10_001 }],
    wordCounts: [{ makespanMs: 131, lowerMs: 91, upperMs: 100 }],
    memory: {
      pending: [{ ...one!, bytes: exactly(301) }],
      largeGraph: { ...atLimits.memory.largeGraph, residentMb: exactly(1_001) },
      resident: { ...atLimits.memory.resident, growthMb: exactly(10.1) },
    },
    start: { figures: { ...atLimits.start.figures, startMs: exactly(151), commandLine: exactly(401) } },
  });
  const others = Object.entries(missed).filter(([, verdict]) => verdict !== "missed");
  expect(others.map(([name]) => name).filter((name) => !name.startsWith("replays"))).toEqual([
    "METG(50 %), stencil W = 2: tasks of the less busy worker",
    "word count: lower bound ÷ makespan",
  ]);
});

test("a point that is void is not measured, and says why", () => {
  const found = verdicts({ loads: [{ ...load, verdict: "void: generator late" }] });
  expect(found["10-task runs at 50 % of capacity, workers 1, throughput (void: generator late), P50 of 10,000"]).toBe("not measured");
});

test("what was too small, or too rarely measured, is not judged", () => {
  const found = verdicts({
    hops: [{ kind: "warm", count: 9_999, stayedShare: 0, p50: 5, max: 60, ownP50: 1 }],
    memory: {
      pending: atLimits.memory.pending.map((figure) => ({ ...figure, pending: 99_999 })),
      largeGraph: { ...atLimits.memory.largeGraph, tasks: 999_999 },
      resident: { ...atLimits.memory.resident, runs: 99_999 },
    },
  });
  expect(found["hop to the other worker, warm, P99"]).toBe("not measured");
  expect(found["a pending task, ready, 99,999 of 1 runs"]).toBe("not measured");
  expect(found["a graph of 999,999 tasks: most that the process has resident"]).toBe("not measured");
  expect(found["99,999 runs in a row: growth over half of them"]).toBe("not measured");
});
