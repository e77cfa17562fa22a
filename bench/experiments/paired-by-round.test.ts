import { expect, test } from "vitest";
import { pairedByRound } from "./paired-by-round.js";
import type { Sample } from "./sample.js";

const sample = (variant: string, round: number, ms: number | undefined): Sample => ({
  ...{ variant, round, stealShare: 0, repeats: 0 },
  ...(ms === undefined ? { absent: "no server" } : { metrics: { ms } }),
});
const comparison = { metric: "ms", of: "a", to: "b" };

test("values of one round are a pair, wherever they stand", () => {
  const samples = [sample("b", 1, 20), sample("a", 0, 1), sample("a", 1, 2), sample("b", 0, 10)];
  expect(pairedByRound(samples, comparison)).toEqual([
    [1, 10],
    [2, 20],
  ]);
});

test("a round in which one of the two was not measured is left out", () => {
  const samples = [sample("a", 0, 1), sample("a", 1, 2), sample("a", 2, 3), sample("b", 1, 20), sample("b", 2, undefined)];
  expect(pairedByRound(samples, comparison)).toEqual([[2, 20]]);
  expect(pairedByRound(samples, { ...comparison, metric: "other" })).toEqual([]);
});
