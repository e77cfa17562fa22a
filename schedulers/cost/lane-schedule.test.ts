import { describe, expect, test } from "vitest";
import type { CostedFunction } from "./costed-function.js";
import { heldMb, laneScheduleMs } from "./lane-schedule.js";

const of = (ioMs: number, cpuMs: number, after: readonly number[] = []): CostedFunction => ({ name: "f", ioMs, cpuMs, peakMb: 64, after });

describe("laneScheduleMs", () => {
  test("one lane takes all run times together", () => {
    expect(laneScheduleMs([of(1, 2), of(3, 4), of(5, 6)], [0, 1, 2], 1, 1)).toBe(21);
  });

  test("lanes run side by side, each with its share of the cores", () => {
    expect(laneScheduleMs([of(10, 20), of(10, 20)], [0, 1], 2, 2)).toBe(30);
    expect(laneScheduleMs([of(10, 20), of(10, 20)], [0, 1], 2, 1)).toBe(50);
    expect(laneScheduleMs([of(10, 20), of(10, 20)], [0, 1], 2, 9)).toBe(30);
  });

  test("functions wait for those before them in the invocation, and for no others", () => {
    const functions = [of(10, 0), of(5, 0), of(1, 0, [0, 1, 4]), of(7, 0), of(99, 0)];
    expect(laneScheduleMs(functions, [0, 1, 2, 3], 2, 2)).toBe(12);
    expect(laneScheduleMs(functions, [0, 1, 2, 3], 3, 3)).toBe(11);
  });
});

test("lanes hold the largest functions at once, at most", () => {
  const functions = [64, 600, 100].map((peakMb) => ({ ...of(1, 1), peakMb }));
  expect([1, 2, 3, 4].map((lanes) => heldMb(functions, [0, 1, 2], lanes))).toEqual([600, 700, 764, 764]);
});
