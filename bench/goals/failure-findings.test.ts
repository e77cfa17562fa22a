import { expect, test } from "vitest";
import { cells, judge } from "./failure-cells.js";
import { type FailureFigures, failureFindings } from "./failure-findings.js";
import { cellsOf } from "./goal.js";

const twenty = (valueMs: number) => new Array<number>(20).fill(valueMs);
const judged = (runs: number) => cells.map((cell) => judge({ ...cell, runs, completed: 0 })).map((cell) => ({ ...cell, holds: true }));

const good: FailureFigures = {
  cells: judged(2000),
  detectionsMs: [...twenty(40), 1000],
  recoveriesMs: [...twenty(60), 1000],
  costs: { sync: { once: [400, 500, 600], default: [430, 510, 620] }, async: { once: [2000, 2200], default: [2300, 2500] } },
  inHandNs: [5, 6, 7],
};

const lines = (changed: Partial<FailureFigures> = {}) =>
  failureFindings({ ...good, ...changed }, 1).map((finding) => cellsOf(finding).slice(0, 4));

test("at their limits all goals are met, and costs are printed without a verdict", () => {
  expect(lines()).toEqual([
    ["met", "100 %", "≥ 100 %", "share of completed runs is (1 − p^a)^N: 40 cells, within 99.9 %"],
    ["", "40.0 ms", "", "endless loop: its time-out seen, median"],
    ["met", "1000 ms", "≤ 1000 ms", "endless loop: its time-out seen, worst of 21"],
    ["", "60.0 ms", "", "thread ended: its task executed again, median"],
    ["met", "1000 ms", "≤ 1000 ms", "thread ended: its task executed again, worst of 21"],
    ["", "500 ns [400, 600]", "", "stencil-100 on one worker: a task tried once, no time-out"],
    ["", "20.0 ns [10.0, 30.0]", "", "stencil-100 on one worker: what retries and time-outs add to it"],
    ["", "2100 ns [2000, 2200]", "", "stencil-100 on one worker, async handlers: a task tried once, no time-out"],
    ["", "300 ns", "", "stencil-100 on one worker, async handlers: what retries and time-outs add to it"],
    ["", "6.00 ns [5.00, 7.00]", "", "to record that an attempt begins"],
  ]);
});

test("one cell that does not hold, and one loss that takes too long, miss their goals", () => {
  const [first, ...others] = good.cells;
  expect(lines({ cells: [{ ...first!, holds: false }, ...others] })[0]?.slice(0, 2)).toEqual(["missed", "98 %"]);
  expect(lines({ detectionsMs: [...twenty(40), 1001] })[2]?.slice(0, 2)).toEqual(["missed", "1001 ms"]);
  expect(lines({ recoveriesMs: [...twenty(40), 1001] })[4]?.slice(0, 2)).toEqual(["missed", "1001 ms"]);
});

test("what was measured too rarely is not judged", () => {
  expect(lines({ cells: judged(1999) })[0]?.slice(0, 2)).toEqual(["not measured", "-"]);
  const rare = lines({ cells: [], detectionsMs: twenty(1).slice(1), recoveriesMs: [] });
  expect(rare.slice(0, 5).map(([verdict]) => verdict)).toEqual(new Array(5).fill("not measured"));
});
