import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

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

test("a run that ends otherwise than it must ends the measurement", async () => {
  const failing = (index: number) => (index === 3 ? Promise.reject(new Error("wrong end")) : Promise.resolve());
  await expect(measureArrivals({ ...loop, run: failing })).rejects.toThrow("wrong end");
});
