import { expect, test } from "vitest";
import type { HeatMapPicture } from "../../report/plots/picture.js";
import type { MeasureContext } from "../experiment.js";
import { outcomeWith, testContext } from "../outcome.fixture.js";
import schedulers from "./schedulers.js";

const config = { schedulers: ["fifo", "sjf"], loads: [0.5, 0.9] };

test("without third-party data there are the tabled and the adversarial workloads, each the same each time", async () => {
  const variants = schedulers.variants(config, testContext);
  expect(variants.length).toBeGreaterThan(4);
  const [first] = variants;
  const measure = () => schedulers.measure(first!, testContext as MeasureContext); // as: it asks for no more
  const found = await measure();
  expect(await measure()).toEqual(found);
  expect(Object.keys(found.metrics ?? {})).toContain("meanSlowdown of sjf");
});

test("regret is what a policy is worse than the best one, by workload and load", () => {
  const { summary, pictures } = outcomeWith(schedulers, {
    config,
    measured: ({ load }) => ({
      metrics: { "meanSlowdown of fifo": 4, "meanSlowdown of sjf": load === 0.5 ? 8 : 2, "missed of fifo": 0.5, "missed of sjf": 0.25 },
    }),
  });
  const [slowdown, missed] = pictures as [HeatMapPicture, HeatMapPicture]; // as: that is what it draws
  expect(slowdown.rows).toEqual(["fifo", "sjf"]);
  expect(slowdown.cells.map((row) => row.slice(0, 2))).toEqual([
    [1, 2],
    [2, 1],
  ]);
  expect(missed.cells.map((row) => row.slice(0, 2))).toEqual([
    [0.25, 0.25],
    [0, 0],
  ]);
  expect(summary.headline).toBe("none is best everywhere; fifo is never slower than 2.00 × the best (mean slowdown, simulated)");
});

test("a policy that is the best one as far as it is told is not said to be beaten", () => {
  const measured = ({ load }: { readonly load?: string | number }) => ({
    metrics: { "meanSlowdown of fifo": load === 0.5 ? 4 : 4.001, "meanSlowdown of sjf": load === 0.5 ? 4.001 : 4 },
  });
  expect(outcomeWith(schedulers, { config, measured }).summary.headline).toMatch(/^(fifo|sjf) is never slower than 1\.00 × the best/);
});
