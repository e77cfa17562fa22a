import { expect, test } from "vitest";
import type { Keyed } from "../harness/keyed-units.js";
import { memoryFigures, memoryUnits } from "./memory-figures.js";

const options = { rounds: 1, seed: 1, cores: 2, packageRoot: "/", isQuick: false };
const reading = (liveBytes: number) => ({ liveBytes, residentBytes: 10 * liveBytes, passed: 0 });
const pending = { pending: 100_000, bare: reading(1_000_000), loaded: reading(3_000_000), live: reading(8_000_000) };
const large = { tasks: 1_000_000, startMs: 1, runMs: 2, residentBytesMax: 900_000_000 };
/** Grows by 50 bytes a run at first, then by 10; a reading every 1,000 runs. */
const readings = Array.from({ length: 100 }, (_, index) => {
  const runs = (index + 1) * 1_000;
  return { runs, residentBytes: 1e8 + 50 * Math.min(runs, 50_000) + 10 * Math.max(0, runs - 50_000) };
});

function sampleOf(key: string): object {
  return key === "large graph" ? large : key === "resident" ? { readings } : pending;
}

const samples = memoryUnits(options).map(({ key }): Keyed<object> => ({ key, round: 0, stealShare: 0, repeats: 0, ...sampleOf(key) }));
const figures = memoryFigures(samples, options);

test("a pending task takes what was not there before, shared among all; the graph is counted apart", () => {
  expect(figures.pending).toHaveLength(6);
  for (const { pending: count, bytes, withGraph, resident } of figures.pending) {
    expect([count, bytes.median, withGraph.median, resident.median]).toEqual([100_000, 50, 70, 500]);
  }
});

test("growth is that of the second half, over as many runs", () => expect(figures.resident.growthMb.median).toBeCloseTo(0.5));

test("memory of a large graph in megabytes", () => expect(figures.largeGraph.residentMb.median).toBe(900));
