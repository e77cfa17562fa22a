import { expect, test } from "vitest";
import { outcomeWith } from "../outcome.fixture.js";
import taskGranularity from "./task-granularity.js";

const REPEATS = [64, 4096, 512]; // in whatever order the configuration has them
const config = { widths: [8], kernel_repeats: REPEATS };

/** Tasks of so many µs and their efficiency, from long to short. */
const metricsOf = (points: readonly (readonly [repeats: number, us: number, efficiency: number])[]) => ({
  metrics: Object.fromEntries(
    points.flatMap(([repeats, us, efficiency]) => [
      [`granularityUs at ${repeats}`, us],
      [`efficiency at ${repeats}`, efficiency],
    ]),
  ),
});

test("METG is where the curve falls below the level, from the longest tasks down", () => {
  const points = [
    [4096, 400, 0.9],
    [512, 60, 0.6],
    [64, 20, 0.2],
  ] as const;
  const { summary } = outcomeWith(taskGranularity, { config, rounds: 3, measured: () => metricsOf(points) });
  expect(summary.derived["METG(50 %) of dataflower W=8, µs"]!.median).toBeCloseTo(50, 9);
  expect(summary.headline).toContain("use half of all cores");
});

test("a level that a round does not reach has no interval, and is left out", () => {
  const efficiencies = [0.9, 0.4, 0.9];
  const measured = (_: unknown, round: number) =>
    metricsOf([
      [4096, 400, efficiencies[round]!],
      [512, 60, 0.3],
      [64, 20, 0.2],
    ]);
  const { summary } = outcomeWith(taskGranularity, { config, rounds: 3, measured });
  expect(summary.derived).toEqual({});
  expect(summary.headline).toBe("half of the cores' time is not reached in every round");
});
