import { expect, test } from "vitest";
import { outcomeWith } from "../outcome.fixture.js";
import throughput from "./throughput.js";

const config = { num_workflows: 8, workflow_sizes: [10, 100], shapes: ["chain", "stencil"] };

test("every contender meets every shape and size, and is held against ours there", () => {
  const { summary, pictures } = outcomeWith(throughput, {
    config,
    measured: ({ contender, tasks }) => ({ metrics: { tasksPerSecond: (contender === "DataFlower" ? 6 : 2) * Number(tasks) } }),
  });
  expect(summary.ratios).toHaveLength(5 * 4);
  for (const { median } of summary.ratios) expect(median).toBe(3);
  expect(summary.headline).toBe("stencil-100: 600 [600, 600] tasks/s, 3.00 [3.00, 3.00] × async.auto");
  expect(pictures.map(({ name }) => name)).toEqual(["throughput-chain", "throughput-stencil"]);
});
