import { expect, test } from "vitest";
import type { Figure } from "./cases.js";
import { comparedFigures } from "./compare.js";

const samples = (unit: Figure["unit"], pairs: readonly (readonly [number, number])[]) =>
  pairs.flatMap(([ours, theirs], round) => [
    { name: "one", unit, round, build: "this" as const, value: ours },
    { name: "one", unit, round, build: "other" as const, value: theirs },
  ]);

test("a rate gains by being higher, a time and a size by being lower, round by round", () => {
  const pairs = [[2, 1], [10, 4], [9, 3]] as const; // biome-ignore format: one line
  expect(comparedFigures(samples("tasks/s", pairs), 1)).toMatchObject([{ name: "one", ours: 9, theirs: 3, gain: { median: 2.5 } }]);
  for (const unit of ["µs", "ms", "MB"] as const) expect(comparedFigures(samples(unit, pairs), 1)[0]?.gain.median).toBe(1 / 2.5);
});
