import { expect, test } from "vitest";
import { verdictOf } from "./goal.js";
import { Figures, type KeyedSample, keyOf, ONE_TASK, POOLS, STENCIL, TEN_TASKS, throughputFindings } from "./throughput-findings.js";

interface Rates {
  readonly ours?: number;
  readonly ten?: number;
  readonly one?: number;
  readonly echo?: number;
}

/** Three rounds of a machine on which everything is just at its limit, but for what is given. */
function findings({ ours = 35_000, ten = 35_000, one = 70_000, echo = 100_000 }: Rates = {}) {
  const runs = (contender: string, workload: string, runsPerSecond: number, handlers?: "async"): KeyedSample => ({
    key: keyOf(contender, workload, handlers),
    runsPerSecond,
  });
  const round: KeyedSample[] = [
    runs("dataflower", STENCIL, ours),
    runs("promises-threads", STENCIL, 100_000),
    runs("async-auto", STENCIL, 3_500),
    ...POOLS.map((pool, index) => runs(pool, STENCIL, pool === "tinypool-task" ? 1_166 : 100 * index)),
    runs("dataflower", TEN_TASKS, ten),
    runs("dataflower", ONE_TASK, one),
    { key: "echo", echoesPerSecond: echo },
    { key: "spin", usefulShare: 0.85, nominalShare: 0.8, smallestWorkerShare: 0.25 },
  ];
  const found = throughputFindings(new Figures([...round, ...round, ...round]), { cores: 2, seed: 1 });
  return Object.fromEntries(found.map((finding) => [finding.name, finding]));
}

const verdicts = (rates?: Rates) =>
  Object.fromEntries(Object.entries(findings(rates)).map(([name, finding]) => [name, verdictOf(finding)]));

test("at their limits all goals are met; what was not measured says so", () => {
  expect(verdicts()).toEqual({
    "stencil-100, tasks": "",
    "stencil-100 ÷ Promise.all in 2 threads": "met",
    "stencil-100 ÷ async.auto": "met",
    "stencil-100 ÷ async.auto, floor": "met",
    "stencil-100 ÷ tinypool, the best pool with a task a message": "met",
    "stencil-100, async handlers, tasks": "not measured",
    "stencil-100, async handlers ÷ Promise.all likewise": "not measured",
    "postMessage echo": "",
    "10-task runs": "",
    "10-task runs ÷ postMessage echo": "met",
    "10-task runs ÷ postMessage echo, floor (or 50.0 k/s)": "met",
    "1-task runs": "",
    "1-task runs ÷ postMessage echo": "met",
    "16-column stencil of 1 ms tasks: useful work": "met",
    "16-column stencil: the same, 1 ms a task counted": "",
    "16-column stencil of 1 ms tasks: least busy worker": "met",
  });
});

test("a little less misses them, but not the floor", () => {
  const missed = Object.entries(verdicts({ ours: 34_900, ten: 34_000, one: 69_000 })).filter(([, verdict]) => verdict === "missed");
  expect(missed.map(([name]) => name)).toEqual([
    "stencil-100 ÷ Promise.all in 2 threads",
    "stencil-100 ÷ async.auto",
    "stencil-100 ÷ tinypool, the best pool with a task a message",
    "10-task runs ÷ postMessage echo",
    "1-task runs ÷ postMessage echo",
  ]);
});

test("the floor of 10-task runs is met by their rate or by a tenth of the echo", () => {
  expect(verdicts({ ten: 50_000, echo: 1_000_000 })["10-task runs, floor"]).toBe("met");
  expect(verdicts({ ten: 10_000, echo: 100_000 })["10-task runs ÷ postMessage echo, floor (or 50.0 k/s)"]).toBe("met");
  expect(verdicts({ ten: 9_999, echo: 100_000 })["10-task runs ÷ postMessage echo, floor (or 50.0 k/s)"]).toBe("missed");
});

test("tasks a second are runs a second times the tasks of a run", () => {
  expect(findings()["stencil-100, tasks"]?.estimate?.median).toBe(3_500_000);
});
