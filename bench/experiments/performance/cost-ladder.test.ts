import { expect, test } from "vitest";
import { rungs } from "../../ladder/rungs.js";
import { outcomeWith } from "../outcome.fixture.js";
import costLadder from "./cost-ladder.js";

const config = { num_workflows: 8, workflow_size: 100, shape: "stencil" };

test("each rung is measured, and what it adds to the one below it, round by round", () => {
  const { summary } = outcomeWith(costLadder, {
    config,
    rounds: 3,
    measured: (_, round, key) => ({ metrics: { nsPerTask: (rungs.findIndex(({ name }) => name === key) + 1) * (100 + round) } }),
  });
  expect(summary.variants.map(({ key }) => key)).toEqual(rungs.map(({ name }) => name));
  expect(summary.derived["added by copies, ns"]).toEqual({ median: 101, low: 100, high: 102 });
  expect(summary.headline).toBe("a bare loop takes 101 ns a task, every promise in memory 707 ns, every commit on the disk 1010 ns");
});

test("a rung is held against the one below it in the same round, even where a round of that is missing", () => {
  const { summary } = outcomeWith(costLadder, {
    config,
    rounds: 3,
    measured: (_, round, key) =>
      key === rungs[0]!.name && round === 0 ? undefined : { metrics: { nsPerTask: key === rungs[1]!.name ? 10 ** (round + 1) : round } },
  });
  expect(summary.derived[`added by ${rungs[1]!.name}, ns`]).toEqual({ median: 548.5, low: 99, high: 998 });
});
