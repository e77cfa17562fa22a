import { describe, expect, test } from "vitest";
import { runTimeMs, topologicalOrder } from "./costed-function.js";

const one = { name: "f", ioMs: 100, cpuMs: 50, peakMb: 64, after: [] };

describe("a costed function", () => {
  test.each([
    [1769, 150],
    [884.5, 200],
    [176.9, 600],
    [10_240, 150],
  ])("with %d MB runs for %d ms", (sizeMb, ms) => expect(runTimeMs(one, sizeMb / 1769)).toBeCloseTo(ms, 9));
});

describe("topologicalOrder", () => {
  test("puts each behind those that it waits for, once, whatever is said twice", () => {
    expect(topologicalOrder([{ after: [1, 1] }, { after: [] }, { after: [0, 1] }])).toEqual([1, 0, 2]);
  });

  test("there is none of those that wait for each other", () => {
    expect(topologicalOrder([{ after: [] }, { after: [2] }, { after: [1] }])).toBe(undefined);
    expect(topologicalOrder([{ after: [0] }])).toBe(undefined);
  });
});
