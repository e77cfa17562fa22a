import { DataFlower } from "dataflower";
import { describe, expect, test } from "vitest";
import { built } from "./fixtures/built.fixture.js";
import type * as Overlap from "./fixtures/overlap.fixture.js";

const { quick, blocking } = await built<typeof Overlap>("overlap");

describe.each([
  { workers: 0, concurrency: 3 },
  { workers: 1, concurrency: 1 },
  { workers: 1, concurrency: 4 },
  { workers: 2, concurrency: 4 },
])("with %o", ({ workers, concurrency }) => {
  test("asynchronous handlers overlap on a worker up to the limit and never beyond, blocking ones not at all", async () => {
    const engine = await DataFlower.start({ workers, concurrency, store: "memory:", workflows: [...quick, blocking] });
    try {
      const most: number[] = [];
      for (const twin of quick) {
        const counts = await Promise.all([1, 2].map(() => engine.run(twin, 15)));
        most.push(Math.max(...counts.flat()));
      }
      expect(Math.max(...most)).toBe(concurrency);
      await engine.run(blocking, 8 * Math.max(1, workers)); // each worker learns it from its first few calls
      expect(await engine.run(blocking, 3)).toEqual([1, 1, 1]);
    } finally {
      await engine.close();
    }
  });
});
