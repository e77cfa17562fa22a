import { expect, test } from "vitest";
import type { LinePicture } from "../../report/plots/picture.js";
import { handMade, samplesOf, summaryOf, variantsOf } from "./fixtures/trial.fixture.js";
import taskFailures from "./task-failures.js";

const config = { failure_rates: [0, 0.2], workflow_sizes: [10, 100], attempts: [1, 3], num_workflows: 50 };
const variants = variantsOf(taskFailures, config);

test("every size and number of attempts is measured at all rates", () => {
  expect(variants.map(({ key }) => key)).toEqual([
    "10 tasks, 1 attempts",
    "10 tasks, 3 attempts",
    "100 tasks, 1 attempts",
    "100 tasks, 3 attempts",
  ]);
  expect(variants[1]).toMatchObject({ tasks: 10, attempts: 3, failureShares: [0, 0.2], runs: 50 });
});

test("what is measured is decided by the seed", async () => {
  const [first] = await samplesOf(taskFailures, [variants[1]!], 7);
  const [again] = await samplesOf(taskFailures, [variants[1]!], 7);
  const [other] = await samplesOf(taskFailures, [variants[1]!], 8);
  expect(again).toEqual(first);
  expect(other?.facts).not.toEqual(first?.facts);
  expect(first?.shares).toEqual({ completedAt0: { hits: 50, of: 50 }, "completedAt0.2": { hits: expect.any(Number), of: 50 } });
  expect(taskFailures.check?.([first!, other!])).toEqual([]);
});

test("shares that the closed form does not give are a problem", () => {
  const cell = { attempts: 3, failureShare: 0.2, runs: 500, completed: 50 };
  const bad = handMade("x", { facts: { cells: [10, 20].map((tasks) => ({ ...cell, tasks })) } });
  expect(taskFailures.check?.([bad])).toHaveLength(1);
  expect(taskFailures.check?.([handMade("x", { absent: "why" })])).toEqual([]);
});

test("the headline tells of one cell beside its closed form, and the pictures draw that dashed", () => {
  const shares = { "completedAt0.2": { hits: 25, of: 50 }, completedAt0: { hits: 50, of: 50 } };
  const summary = summaryOf(
    taskFailures,
    variants,
    variants.map(({ key }) => handMade(key, { shares })),
  );
  expect(taskFailures.headline(summary)).toBe(
    "50 % [35.5, 64.5] of runs of 100 tasks complete when 20 % of attempts fail and a task has 3; (1 − p^a)^N is 44.8 %",
  );
  const [bySize, byAttempts] = taskFailures.figure(summary, []) as [LinePicture, LinePicture]; // as: they are two of this kind
  expect(bySize.lines.map(({ name, stroke }) => [name, stroke])).toEqual([
    ["10 tasks", undefined],
    ["10 tasks, (1 − p^a)^N", "dashed"],
    ["100 tasks", undefined],
    ["100 tasks, (1 − p^a)^N", "dashed"],
  ]);
  expect(byAttempts.lines[0]?.points).toEqual([
    { x: 0, y: { median: 100, low: expect.closeTo(92.9, 1), high: 100 } },
    { x: 20, y: { median: 50, low: expect.closeTo(35.53, 1), high: expect.closeTo(64.47, 1) } },
  ]);
  expect(bySize.lines[1]?.points.at(-1)?.y).toBeCloseTo(100 * (1 - 0.2 ** 3) ** 10, 10);
});

test("nothing measured is said and drawn as gaps", () => {
  for (const some of [variants, []]) {
    const summary = summaryOf(taskFailures, some, []);
    expect(taskFailures.headline(summary)).toBe("not measured");
    expect(taskFailures.figure(summary, [])).toHaveLength(2);
  }
});
