import { expect, test } from "vitest";
import type { ScatterPicture } from "../../report/plots/picture.js";
import type { MeasureContext } from "../experiment.js";
import { outcomeWith, testContext } from "../outcome.fixture.js";
import type { Measured } from "../sample.js";
import cost from "./cost.js";

const config = { workflows: ["wordcount"], prices: ["lambda-x86"], deadline_factors: [1, 1.5, 3] };

test("a plan costs no more than one memory size for all, nor more with a later deadline; it is the same each time", async () => {
  const variants = cost.variants(config, testContext);
  const measure = () => Promise.all(variants.map((variant) => cost.measure(variant, testContext as MeasureContext))); // as: it asks for no more
  const found = await measure();
  expect(await measure()).toEqual(found);
  const planned = found.filter(({ metrics }) => metrics !== undefined);
  expect(planned.length).toBeGreaterThan(1);
  for (const { metrics } of planned) {
    expect(metrics!.usdPerMillion).toBeLessThanOrEqual(metrics!.oneSizeUsdPerMillion! * (1 + 1e-9));
    expect(metrics!.savedShare).toBeCloseTo(1 - metrics!.usdPerMillion! / metrics!.oneSizeUsdPerMillion!, 9);
  }
  const costs = planned.map(({ metrics }) => metrics!.usdPerMillion!);
  expect(costs).toEqual([...costs].sort((a, b) => b - a));
});

test("prices that configs/prices.yaml does not name are refused", () => {
  expect(cost.config.prices.safeParse(["lambda-arm", "lambda-x86"]).success).toBe(true);
  expect(cost.config.prices.safeParse(["nobody"]).error?.issues[0]?.message).toContain('expected one of "lambda-x86"|"lambda-arm"');
});

test("a plan and its single size are points of their own, a deadline that cannot be kept is none", () => {
  const metrics = {
    usdPerMillion: 3,
    oneSizeUsdPerMillion: 4,
    makespanMs: 10,
    oneSizeMakespanMs: 11,
    savedShare: 0.25,
    savedShareOfWholeCore: 0.5,
  };
  const measured = ({ factor }: Readonly<Record<string, string | number>>): Measured =>
    factor === 1 ? { facts: { plan: "impossible" } } : { metrics };
  const { summary, pictures } = outcomeWith(cost, { config, measured });
  const { points } = pictures[0] as ScatterPicture; // as: that is what it draws
  expect(points.map(({ name, y }) => [name, y])).toEqual([
    ["plan, 1.5 ×", 3],
    ["one size, 1.5 ×", 4],
    ["plan, 3 ×", 3],
    ["one size, 3 ×", 4],
  ]);
  expect(summary.headline).toBe(
    "the plan saves 25.0 % (at most 25.0 %) of the cheapest single memory size, 50.0 % (at most 50.0 %) of a whole core for each function",
  );
});
