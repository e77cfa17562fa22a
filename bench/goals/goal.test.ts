import { expect, test } from "vitest";
import { cellsOf, type Goal, medianFinding, plainFinding, ratioFinding, verdictOf } from "./goal.js";

const goal: Goal = { name: "ours ÷ theirs", unit: "×", limit: 0.35, command: "npm run goals" };
const at = (median: number) => ({ ...goal, estimate: { median, low: median / 2, high: median * 2 } });

test.each([
  [0.36, "met"],
  [0.35, "met"],
  [0.3499, "missed"],
  [0, "missed"],
  [Number.NaN, "missed"],
])("at %d the goal of at least 0.35 is %s", (median, verdict) => expect(verdictOf(at(median))).toBe(verdict));

test.each([
  [999, "met"],
  [1000, "met"],
  [1000.1, "missed"],
  [Number.POSITIVE_INFINITY, "missed"],
  [Number.NaN, "missed"],
])("at %d ms the goal of at most 1,000 ms is %s", (worstMs, verdict) => {
  expect(verdictOf(plainFinding({ name: "worst", unit: "ms", limitMax: 1000, command: "npm run goals" }, worstMs))).toBe(verdict);
});

test("a figure that was not estimated has no interval, and an upper limit says so", () => {
  const worst: Goal = { name: "worst", unit: "ms", limitMax: 1000, command: "npm run goals" };
  expect(cellsOf(plainFinding(worst, 345.6)).slice(0, 3)).toEqual(["met", "346 ms", "≤ 1000 ms"]);
});

test("a median has the interval of its resamples, and without values it was not measured", () => {
  const alone: Goal = { name: "begin", unit: "ns", command: "npm run goals" };
  expect(medianFinding(alone, [3, 1, 2], 1).estimate).toEqual({ median: 2, low: 1, high: 3 });
  expect(verdictOf(medianFinding(alone, [], 1))).toBe("not measured");
});

test("without figures a goal is not measured", () => {
  expect(verdictOf(goal)).toBe("not measured");
  expect(verdictOf(ratioFinding(goal, [], [1, 2], 1))).toBe("not measured");
  expect(verdictOf(ratioFinding(goal, [1, 2], [], 1))).toBe("not measured");
  expect(cellsOf(goal)).toEqual(["not measured", "-", "≥ 0.350 ×", "ours ÷ theirs", "npm run goals"]);
});

test("a figure without a limit is printed and not judged", () => {
  const { limit: _, ...figure } = { ...goal, unit: "/s" as const };
  expect(cellsOf({ ...figure, estimate: { median: 1.5e6, low: 1e6, high: 2e6 } })).toEqual([
    "",
    "1.50 M /s [1.00 M, 2.00 M]",
    "",
    "ours ÷ theirs",
    "npm run goals",
  ]);
});

test("a ratio is taken round by round", () => {
  const finding = ratioFinding(goal, [1, 4, 3], [2, 4, 1], 1);
  expect(finding.estimate?.median).toBe(1);
  expect(verdictOf(finding)).toBe("met");
});

test("shares are printed in percent", () => {
  expect(cellsOf({ ...at(0.5), unit: "%", limit: 0.85 }).slice(0, 3)).toEqual(["missed", "50 % [25, 100]", "≥ 85 %"]);
});

test("small shares in percent with three digits", () => {
  const deviation: Goal = { name: "deviation", unit: "%", limitMax: 0.01, command: "npm run goals" };
  expect(cellsOf(plainFinding(deviation, 0.00123)).slice(0, 3)).toEqual(["met", "0.123 %", "≤ 1.00 %"]);
  expect(cellsOf(plainFinding(deviation, 0)).slice(0, 2)).toEqual(["met", "0 %"]);
});

test.each([
  ["µs", "4.50 µs", "≤ 12.0 µs"],
  ["bytes", "4.50 bytes", "≤ 12.0 bytes"],
  ["MB", "4.50 MB", "≤ 12.0 MB"],
] as const)("a figure in %s", (unit, figure, limit) => {
  expect(cellsOf(plainFinding({ name: "size", unit, limitMax: 12, command: "npm run goals" }, 4.5)).slice(0, 3)).toEqual([
    "met",
    figure,
    limit,
  ]);
});
