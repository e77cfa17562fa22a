import { DataFlower, type Engine } from "dataflower";
import { expect, test, vi } from "vitest";
import { HANGING_TASKS, type HangInput } from "../../workloads/hanging-tasks.js";
import { monotonicMs } from "../clock.js";
import { LatencyHistogram } from "../latency-histogram.js";
import type { Arrivals } from "../open-loop/arrivals.js";
import { measureHangingTasks } from "./hanging-tasks.js";

const LATE_MS = 5_000;
/** One run, which begins long after it was to. */
vi.mock("../open-loop/arrivals.js", () => ({
  async measureArrivals({ run }: Arrivals) {
    await run(0, monotonicMs() - LATE_MS);
    return { runs: 1, lateness: "" };
  },
}));

test("what kept a run from beginning is part of its latency", async () => {
  const engine = {
    run: async (_: unknown, { value }: HangInput) => Array.from({ length: HANGING_TASKS }, (__, index) => ({ value: value + index })),
    async [Symbol.asyncDispose]() {},
  };
  vi.spyOn(DataFlower, "start").mockResolvedValue(engine as unknown as Engine); // as: nothing else of it is used
  const { others } = await measureHangingTasks({ kind: "none", seed: 1, share: 0, threads: 1, ratePerSecond: 1, durationMs: 1 });
  const latency = LatencyHistogram.merged([others]);
  expect([latency.count, latency.maxUs >= LATE_MS * 1e3]).toEqual([1, true]);
});
