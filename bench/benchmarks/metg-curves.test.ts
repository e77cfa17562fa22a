import { expect, test } from "vitest";
import { curveOf, type MetgProcess } from "./metg-curves.js";

const place = { stealShare: 0, repeats: 0 };
const length = (kernelRepeats: number, wallMs: number, smallestShare: number) => ({ kernelRepeats, runs: 1, wallMs, smallestShare });

/** A round of 2,000 tasks on two cores that do so many repeats a second. */
function round(number: number, repeatsPerSecond: number, wallsMs: readonly [number, number]): MetgProcess[] {
  const lengths = [length(100, wallsMs[0], 0.5), length(10, wallsMs[1], 0.3)];
  return [
    { key: "dataflower 2", round: number, ...place, width: 2, lengths },
    { key: "reference", round: number, ...place, repeatsPerSecond },
  ];
}

test("a curve is made of the sizes of tasks, and of their work beside the reference of the same round", () => {
  const samples = [round(0, 2e6, [200, 80]), round(1, 4e6, [100, 40]), round(2, 8e6, [50, 20])].flat();
  const { points, metg } = curveOf("dataflower", 2, samples, { cores: 2, seed: 1 });
  expect(points).toEqual([
    { kernelRepeats: 100, granularityUs: 100, efficiency: 0.5, smallestShare: 0.5 },
    { kernelRepeats: 10, granularityUs: 40, efficiency: 0.125, smallestShare: 0.3 },
  ]);
  expect(metg.map(({ level, us, smallestShare }) => [level, us.median, smallestShare])).toEqual([
    [0.5, 100, 0.5],
    [0.8, Number.POSITIVE_INFINITY, undefined],
  ]);
});
