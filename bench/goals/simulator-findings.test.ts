import { expect, test } from "vitest";
import { bagCases } from "./bag-waits.js";
import { type Finding, verdictOf } from "./goal.js";
import { nothingMeasured, type SimulatorFigures, simulatorFindings } from "./simulator-findings.js";
import type { Replay, SimulatedReplay } from "./trace-replays.js";

const replay: Replay = { trace: "a", tasks: 100, isDigestRight: true, tasksByWorker: [1, 99] };
const spin: SimulatedReplay = { ...replay, makespanMs: 1000, lowerMs: 900, upperMs: 1000, simulatedMs: 950 };

function found(start: string, figures: Partial<SimulatorFigures>): Finding {
  const finding = simulatorFindings({ ...nothingMeasured, ...figures }).find(({ name }) => name.startsWith(start));
  if (finding === undefined) throw new Error(`no finding starts with ${start}`);
  return finding;
}

const verdict = (start: string, figures: Partial<SimulatorFigures>) => verdictOf(found(start, figures));

test("without figures nothing is measured, and every goal is named", () => {
  const findings = simulatorFindings(nothingMeasured);
  expect(new Set(findings.map(({ name }) => name)).size).toBe(14);
  expect(findings.map(verdictOf)).toEqual(findings.map(() => "not measured"));
});

test("every ideal makespan must be within 0.1 %, and the largest deviation is printed", () => {
  const at = (deviation: number) => ({ trace: "a", scheduler: "fifo", machines: 2, deviation });
  expect(verdict("ideal makespans within", { schedules: [at(0), at(0.001)] })).toBe("met");
  const schedules = [at(0), at(0.0011)];
  expect(found("ideal makespans within 0.1 % of the reference: 1 of 2", { schedules }).estimate?.median).toBe(0.5);
  expect(verdict("ideal makespans within", { schedules })).toBe("missed");
  expect(found("ideal makespans: largest", { schedules }).estimate?.median).toBe(0.0011);
});

test.each([
  [1.009, "met"],
  [0.991, "met"],
  [1.011, "missed"],
  [0.989, "missed"],
])("a mean wait of %d times the listed one is %s, where it is judged", (factor, expected) => {
  const bags = bagCases.map((bag) => ({ ...bag, meanWaitMs: bag.listedMs * factor }));
  expect(verdict("mean wait of 2,000 recorded tasks on 47 machines, sjf", { bags })).toBe(expected);
  expect(verdict("mean wait of 31,756", { bags })).toBe("");
});

test("the slower of two processes must have simulated a million tasks in a minute", () => {
  const big = { tasks: 1_000_000, elapsedMs: [1, 60_000], areBytesEqual: true };
  expect(verdict("a million tasks", { big })).toBe("met");
  expect(verdict("a million tasks", { big: { ...big, elapsedMs: [60_001, 1] } })).toBe("missed");
  expect(verdict("a million tasks", { big: { ...big, tasks: 999_999 } })).toBe("not measured");
});

test("both processes must print the same", () => {
  const big = { tasks: 1, elapsedMs: [1, 1], areBytesEqual: true };
  expect(verdict("same seed", { big })).toBe("met");
  expect(verdict("same seed", { big: { ...big, areBytesEqual: false } })).toBe("missed");
});

test.each([
  [{}, "met"],
  [{ tasks: 99, tasksByWorker: [0, 99] }, "met"],
  [{ tasksByWorker: [0, 100] }, "missed"],
  [{ isDigestRight: false }, "missed"],
])("beside one that is right, a replay with %j is %s", (other, expected) => {
  expect(verdict("replays without work", { replays: [replay, { ...replay, ...other }] })).toBe(expected);
});

test.each([
  [899, "missed"],
  [900, "met"],
  [1120, "met"],
  [1121, "missed"],
])("a makespan of %d ms is %s between 900 ms and 1,000 ms", (makespanMs, expected) => {
  expect(verdict("replays that spin: lb ≤", { spins: [spin, { ...spin, makespanMs }] })).toBe(expected);
});

test("a digest that is wrong misses", () => {
  expect(verdict("replays that spin: digest", { spins: [spin, { ...spin, isDigestRight: false }] })).toBe("missed");
});

test("replays that spin are summarised", () => {
  const spins = [spin, { ...spin, makespanMs: 1250, simulatedMs: 1000 }, { ...spin, makespanMs: 1200, simulatedMs: 1320 }];
  expect(found("replays that spin: largest", { spins }).estimate?.median).toBe(1.25);
  expect(found("replays that spin: lb ÷", { spins }).estimate?.median).toBe(0.75);
  expect(found("simulated ÷ real makespan of 3", { spins }).estimate).toEqual({ median: 0.95, low: 0.8, high: 1.1 });
});
