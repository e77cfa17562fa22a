import { describe, expect, test } from "vitest";
import { everySize, fourSizes } from "./functions.arbitrary.js";
import { billedMs, invocationUsd, sizeMbFor } from "./prices.js";

describe("prices", () => {
  test.each([
    [0, 128],
    [128, 128],
    [128.5, 129],
    [10_240, 10_240],
    [10_241, undefined],
  ])("what holds %d MB fits into %j MB", (heldMb, sizeMb) => expect(sizeMbFor(heldMb, everySize)).toBe(sizeMb));

  test("only sizes that there are are given", () => {
    expect([129, 676, 1_769, 1_770].map((heldMb) => sizeMbFor(heldMb, fourSizes))).toEqual([675, 1_222, 1_769, undefined]);
  });

  test.each([
    [0, 1, 0],
    [1, 1, 1],
    [1.001, 1, 2],
    [0.1 + 0.2, 0.3, 0.3],
    [101, 100, 200],
  ])("%d ms in steps of %d are billed as %d", (ms, roundingMs, billed) => {
    expect(billedMs(ms, { ...everySize, roundingMs })).toBeCloseTo(billed, 12);
  });

  test("an invocation costs its fee, and its memory for its time", () => {
    expect(invocationUsd(512, 300, everySize)).toBeCloseTo(0.0000002 + 0.5 * 0.3 * 0.0000166667, 15);
  });
});
