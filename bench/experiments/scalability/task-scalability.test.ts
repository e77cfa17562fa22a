import { expect, test } from "vitest";
import { outcomeWith } from "../outcome.fixture.js";
import taskScalability from "./task-scalability.js";

const config = { task_counts: [10, 1_000, 10_000], shape: "stencil" };

test("bytes a task are those that further tasks take, not those of the process", () => {
  const { summary } = outcomeWith(taskScalability, {
    config,
    rounds: 3,
    measured: ({ tasks, contender }) => ({
      metrics: {
        makespanMs: Number(tasks) / 100,
        tasksPerSecond: contender === "DataFlower" ? 1e5 : 4e5,
        firstRunBytes: Number(tasks) < 1_000 ? 9e7 : 5e7 + Number(tasks) * 300, // a small one tells nothing of tasks
      },
    }),
  });
  expect(summary.derived["dataflower bytesPerTask"]!.median).toBeCloseTo(300, 6);
  expect(summary.headline).toBe("10000 tasks: 100 k [100 k, 100 k] tasks/s, 300 bytes for each further task");
  expect(summary.ratios.every(({ median }) => median === 0.25)).toBe(true);
});

test("nothing measured is no error, nor is one size", () => {
  const { summary, pictures } = outcomeWith(taskScalability, { config, measured: () => undefined });
  expect([summary.headline, summary.derived, pictures.length]).toEqual(["not measured", {}, 3]);
  const one = outcomeWith(taskScalability, {
    config: { ...config, task_counts: [10] },
    measured: () => ({ metrics: { makespanMs: 1, tasksPerSecond: 1e4, firstRunBytes: 1 } }),
  });
  expect(one.summary.derived).toEqual({});
});
