import { performance } from "node:perf_hooks";
import { expect, test } from "vitest";
import { spentMs, threadTimesMs } from "./processor-times.js";

test("a thread that is busy spends time, those that are not spend little", () => {
  const before = threadTimesMs();
  const startMs = performance.now();
  while (spentMs(before, threadTimesMs()).main < 100 && performance.now() - startMs < 20_000);
  const { main, others } = spentMs(before, threadTimesMs());
  expect(main).toBeGreaterThanOrEqual(100);
  expect(others).toEqual([...others].sort((a, b) => b - a));
  expect(others.length).toBeGreaterThan(0);
});

test("a thread that came between two readings counts from its beginning", () => {
  const before = new Map([[process.pid, 10]]);
  const after = new Map([...before, [process.pid, 30], [1, 5], [2, 7]]);
  expect(spentMs(before, after)).toEqual({ main: 20, others: [7, 5] });
});
