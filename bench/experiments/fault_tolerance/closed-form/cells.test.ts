import { expect, test } from "vitest";
import { closedForm } from "../../../workloads/coins.js";
import { cellsOf, missesAllowed, problemOf } from "./cells.js";

const cell = (tasks: number, completed: number, runs = 1000) => ({ tasks, attempts: 2, failureShare: 0.2, runs, completed });
const right = (tasks: number) => cell(tasks, Math.round(1000 * closedForm({ tasks, attempts: 2, failureShare: 0.2 })));

test("samples of one cell are added up", () => {
  expect(cellsOf([cell(10, 1), cell(20, 2), cell(10, 3)])).toEqual([cell(10, 4, 2000), cell(20, 2)]);
  expect(cellsOf([])).toEqual([]);
});

test("by chance one cell in a thousand may lie outside", () => {
  expect(missesAllowed(1)).toBe(0);
  expect(missesAllowed(6)).toBe(1); // one or more: 0.6 % of all times
  expect(missesAllowed(120)).toBe(2); // three or more: 0.03 %
  expect(missesAllowed(0)).toBe(0);
});

test("more cells outside than chance allows are a problem, with their names", () => {
  expect(problemOf([10, 20, 30].map(right))).toEqual([]);
  expect(problemOf([cell(10, 0), cell(20, 0), right(30)])).toEqual([
    expect.stringContaining("outside the 99.9 % interval of 2 of 3 cells, chance allows 1: 10 tasks, 2 attempts, rate 0.2: 0, not 0.66"),
  ]);
  expect(problemOf([])).toEqual([]);
});
