import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { poissonSchedule } from "./schedule.js";

type Module = typeof import("./arrivals.js");

const built = new URL("../../../dist/bench/harness/open-loop/arrivals.js", import.meta.url);
const { measureArrivals }: Module = await import(fileURLToPath(built));
const loop = { ratePerSecond: 500, durationMs: 100, seed: 1 };

test("every run is started once, in order, and counts when it has ended", async () => {
  const started: number[] = [];
  const { runs } = await measureArrivals({ ...loop, run: async (index) => started.push(index) });
  expect(started).toEqual([...Array(runs).keys()]);
  expect(runs).toBeGreaterThan(20);
});

test("a run is told when it was to begin, however late it does", async () => {
  const intended: number[] = [];
  const run = async (index: number, intendedMs: number) => {
    if (index === 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50); // the next ones are due meanwhile
    intended.push(intendedMs - (intended[0] ?? 0));
  };
  await measureArrivals({ ...loop, run });
  const schedule = poissonSchedule(loop);
  expect(intended.slice(1)).toEqual([...schedule].slice(1).map((dueMs) => expect.closeTo(dueMs - schedule[0]!, 3)));
});

test("a run that ends otherwise than it must ends the measurement", async () => {
  const failing = (index: number) => (index === 3 ? Promise.reject(new Error("wrong end")) : Promise.resolve());
  await expect(measureArrivals({ ...loop, run: failing })).rejects.toThrow("wrong end");
});
