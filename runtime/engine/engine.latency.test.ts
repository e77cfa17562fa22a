import { DataFlower, type Engine, type LatencyKind } from "dataflower";
import { describe, expect, test } from "vitest";
import { built } from "./fixtures/built.fixture.js";
import type * as Failures from "./fixtures/failures.fixture.js";
import type * as Plain from "./fixtures/plain.fixture.js";
import type * as Shapes from "./fixtures/shapes.fixture.js";

const { echo, holding } = await built<typeof Plain>("plain");
const { small, nested } = await built<typeof Shapes>("shapes");
const { alone, recovering } = await built<typeof Failures>("failures");

const counts = (engine: Engine, kinds: readonly LatencyKind[], task?: string) =>
  Promise.all(kinds.map(async (kind) => (await engine.latency(kind, task)).count));

describe.each([0, 1, 2])("latency() with %i workers", (workers) => {
  test("counts every attempt once, every run once, and what crossed workers", async () => {
    const engine = await DataFlower.start({ workers, store: "memory:", workflows: [echo, small, nested, alone, recovering] });
    try {
      expect(await counts(engine, ["queue", "service", "hop", "end-to-end"])).toEqual([0, 0, 0, 0]);
      for (let n = 0; n < 10; n++) await engine.run(echo, n);
      expect(await counts(engine, ["queue", "service", "hop", "end-to-end"])).toEqual([10, 10, 0, 10]);

      for await (const { status } of engine.submitAll(
        small,
        [1, 2, 3, 4].map((x) => ({ x, seed: 1 })),
      ))
        expect(status).toBe("completed");
      expect(await counts(engine, ["service", "end-to-end"])).toEqual([22, 14]);
      await expect(engine.run(alone, { what: "an error", isLate: true })).rejects.toThrow();
      expect(await counts(engine, ["queue", "service", "end-to-end"])).toEqual([23, 23, 15]);

      const hopsBefore = (await engine.latency("hop")).count;
      let tasks = 23;
      let crossings = 0;
      for (let again = 0; again < 10; again++) {
        const run = await engine.submit(nested, 12);
        await run.result();
        const summary = await run.summary();
        tasks += summary.tasks;
        if (summary.tasksByWorker.filter((done) => done > 0).length > 1) crossings += 1;
      }
      expect(await counts(engine, ["queue", "service", "end-to-end"])).toEqual([tasks, tasks, 25]);
      const hops = (await engine.latency("hop")).count - hopsBefore;
      expect(hops).toBeLessThanOrEqual(workers < 2 ? 0 : tasks - 23);
      expect(hops).toBeGreaterThanOrEqual(crossings);
      expect(crossings > 0).toBe(workers === 2);

      expect(await counts(engine, ["queue", "service"], "same")).toEqual([10, 10]);
      expect(await counts(engine, ["queue", "service"], "affine")).toEqual([8, 8]);
      expect(await counts(engine, ["queue", "service"], "nobody")).toEqual([0, 0]);

      await engine.run(recovering, { at: 1, goodFrom: 3 });
      expect(await counts(engine, ["queue", "service"])).toEqual([tasks + 6, tasks + 6]);
    } finally {
      await engine.close();
    }
  });

  test("tells in µs how long tasks took, and prints the distribution", async () => {
    const engine = await DataFlower.start({ workers, store: "memory:", workflows: [holding] });
    try {
      for (let n = 0; n < 5; n++) await engine.run(holding, 3);
      const service = await engine.latency("service", "hold");
      expect(service.count).toBe(5);
      expect(service.p50).toBeGreaterThanOrEqual(3000 * 0.998);
      expect([service.p90 >= service.p50, service.max >= service.p99, service.mean > 0]).toEqual([true, true, true]);
      const endToEnd = await engine.latency("end-to-end");
      expect(endToEnd.max).toBeGreaterThanOrEqual(service.p50);
      expect(service.percentiles()).toMatch(/Total count\s+=\s+5\]/);
    } finally {
      await engine.close();
    }
  });
});
