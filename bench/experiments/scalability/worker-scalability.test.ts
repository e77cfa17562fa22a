import { expect, test } from "vitest";
import { outcomeWith, testContext } from "../outcome.fixture.js";
import workerScalability from "./worker-scalability.js";

const config = { width: 4, kernel_repeats: 10, small_tasks: 10 };

test("speed-ups are of each round, and efficiencies what is left of them for a worker", () => {
  const { summary, pictures } = outcomeWith(workerScalability, {
    config,
    context: { ...testContext, cores: 4 },
    rounds: 3,
    measured: ({ kind, workers }, round) => {
      const rate = (round + 1) * 1_000 * (kind === "computing" ? Number(workers) * 0.9 ** (Number(workers) - 1) : 1);
      return { metrics: kind === "computing" ? { repeatsPerSecond: rate } : { tasksPerSecond: rate } };
    },
  });
  expect(summary.variants).toHaveLength(24);
  expect(summary.derived["efficiency computing dataflower 4"]!.median).toBeCloseTo(0.9 ** 3, 9);
  expect(summary.derived["efficiency small piscina-run 2"]!.median).toBeCloseTo(0.5, 9);
  expect(summary.headline).toBe(
    "speed-up of DataFlower by 4 workers, computing tasks: 2.92 [2.92, 2.92]; speed-up of DataFlower by 4 workers, small tasks: 1.00 [1.00, 1.00]",
  );
  expect(pictures.map(({ name }) => name)).toEqual([
    "worker-scalability-speed-up-computing",
    "worker-scalability-speed-up-small",
    "worker-scalability-rate-computing",
    "worker-scalability-rate-small",
  ]);
  const ideal = pictures[0]!.kind === "lines" ? pictures[0]!.lines.at(-1)! : undefined;
  expect(ideal).toEqual({ name: "ideal", points: [1, 2, 3, 4].map((x) => ({ x, y: x })), stroke: "dashed" });
});

test("nothing measured is no error", () => {
  const { summary, pictures } = outcomeWith(workerScalability, { config, measured: () => undefined });
  expect([summary.headline, summary.derived, pictures.length]).toEqual(["not measured", {}, 4]);
});
