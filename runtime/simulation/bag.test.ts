import { describe, expect, test } from "vitest";
import { type Bag, readBag } from "./bag.js";
import { expectRefusal } from "./refusals.fixture.js";

const taskNode = 1;

const rowsOf = (bag: Bag) =>
  Array.from({ length: bag.countMax }, (_, index) => {
    const { estimateMs, cpus, memoryBytes } = bag.workflow(index).graph.options(taskNode);
    const facts = [bag.submitMs(index), bag.workMs(index), bag.coreMs(index), bag.priority(index), bag.deadlineMs(index)];
    return [...facts, estimateMs, cpus, memoryBytes];
  });

describe("readBag", () => {
  test("reads columns by their names, in any order, and passes over others", () => {
    const text = 'x,priority,duration,memory,"submit_time",cpu,deadline\n"a, b",3,1.5,0.25,2,0.5,9\n';
    expect(rowsOf(readBag(text, "b.csv"))).toEqual([[2_000, 1_500, 750, 3, 9_000, 1_500, 0.5, 0.25]]);
  });

  test("needs no more than submit_time and duration", () => {
    expect(rowsOf(readBag("submit_time,duration\r\n1,2\r\n\r\n", "b.csv"))).toEqual([
      [1_000, 2_000, 2_000, 0, undefined, 2_000, undefined, undefined],
    ]);
  });

  test("an empty deadline is none", () => {
    expect(readBag("submit_time,duration,deadline\n0,1,\n", "b.csv").deadlineMs(0)).toBe(undefined);
  });

  test("goes by the time of submission, then by the place in the file", () => {
    const bag = readBag("submit_time,duration\n5,1\n0,2\n5,3\n0,4\n", "b.csv");
    expect([0, 1, 2, 3].map((index) => bag.workMs(index))).toEqual([2_000, 4_000, 1_000, 3_000]);
  });

  test.each([
    ["", /b\.csv:1 .*name the columns/],
    ["submit_time,duration\n", /b\.csv:1 .*list tasks/],
    ["submit_time\n1\n", /b\.csv:1 .*a column duration/],
    ["duration\n1\n", /b\.csv:1 .*a column submit_time/],
    ["submit_time,duration\n0,1\n\n1,-2\n", /b\.csv:4 .*duration must be a number of at least 0: found "-2"/],
    ["submit_time,duration\n0,NaN\n", /b\.csv:2 .*duration .*"NaN"/],
    ["submit_time,duration\n0,Infinity\n", /b\.csv:2 .*duration .*"Infinity"/],
    ["submit_time,duration\n0\n", /b\.csv:2 .*duration .*""/],
    ["submit_time,duration\nx,1\n", /b\.csv:2 .*submit_time .*"x"/],
    ["submit_time,duration\n0,1e305\n", /b\.csv:2 .*duration must be at most 315360000: found 1e\+305/],
    ["submit_time,duration\n0,1\n1e9,1\n", /b\.csv:3 .*within ten years: found 1000000000 s/],
    ["submit_time,duration\n1e306,1\n", /b\.csv:2 .*within ten years/],
    ["submit_time,duration,deadline\n0,1,1e9\n", /b\.csv:2 .*deadline must be at most 315360000/],
    ["submit_time,duration,cpu\n0,1,\n", /b\.csv:2 .*cpu .*""/],
    ["submit_time,duration,cpu\n0,1,2000\n", /b\.csv:2 .*cpu must be at most 1024: found 2000/],
    ["submit_time,duration,memory\n0,1,-1\n", /b\.csv:2 .*memory/],
    ["submit_time,duration,deadline\n0,1,-1\n", /b\.csv:2 .*deadline/],
    ["submit_time,duration,priority\n0,1,x\n", /b\.csv:2 .*priority/],
  ])("refuses %j", (text, message) => {
    expectRefusal(() => readBag(text, "b.csv"), "DF_SPEC_INVALID", message);
  });
});
