import { describe, expect, test } from "vitest";
import { runKernel } from "./kernel.js";
import { checkLastStep, columnsAbove, computePoint, STEPS } from "./stencil-1d.js";

describe("runKernel", () => {
  test("does what it says, each time from the same start", () => {
    let value = -0.5;
    for (let repeat = 0; repeat < 100; repeat++) value = value * value + value;
    expect(runKernel(100)).toBe(value);
    expect(runKernel(100)).toBe(value);
  });

  test("stays far from both infinity and the smallest numbers", () => {
    expect(runKernel(100_000)).toBeLessThan(-1e-6);
    expect(runKernel(0)).toBe(-0.5);
  });
});

test("a column reads itself and its neighbours above, as far as there are any", () => {
  expect([0, 1, 3].map((column) => columnsAbove(column, 4))).toEqual([
    [0, 1],
    [0, 1, 2],
    [2, 3],
  ]);
  expect(columnsAbove(1, 2)).toEqual([0, 1]);
});

describe("computePoint", () => {
  const at = (step: number, column: number) => ({ step, column });
  const task = { step: 5, column: 1, width: 4, kernelRepeats: 1, inputs: [at(4, 0), at(4, 1), at(4, 2)] };

  test("gives its place", () => {
    expect(computePoint(task)).toEqual({ step: 5, column: 1 });
    expect(computePoint({ ...task, column: 3, inputs: [at(4, 2), at(4, 3)] })).toEqual({ step: 5, column: 3 });
    expect(computePoint({ ...task, step: 0, inputs: [] })).toEqual({ step: 0, column: 1 });
  });

  test.each([
    ["a missing input", [at(4, 0), at(4, 1)]],
    ["an input too many", [at(4, 0), at(4, 1), at(4, 2), at(4, 3)]],
    ["an input of another step", [at(4, 0), at(3, 1), at(4, 2)]],
    ["inputs in another order", [at(4, 1), at(4, 0), at(4, 2)]],
    ["an input of another column", [at(4, 0), at(4, 1), at(4, 3)]],
  ])("refuses %s", (_, inputs) => expect(() => computePoint({ ...task, inputs })).toThrow("Cannot count task (5, 1)"));
});

test("the answer is the last step, from left to right", () => {
  const last = [0, 1].map((column) => ({ step: STEPS - 1, column }));
  checkLastStep(last, 2);
  for (const wrong of [last.slice(1), last.toReversed(), last.map(({ column }) => ({ step: STEPS - 2, column }))])
    expect(() => checkLastStep(wrong, 2)).toThrow("its answer is wrong");
});
