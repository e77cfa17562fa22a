import fc from "fast-check";
import { expect, test } from "vitest";
import { closedForm, coinName, falls, fateOf } from "../workloads/coins.js";
import { cells, judge } from "./failure-cells.js";

test("there are 40 cells, no two alike", () => {
  expect(new Set(cells.map((cell) => JSON.stringify(cell))).size).toBe(40);
});

test("a cell holds while what is expected lies in the interval of what was seen", () => {
  const cell = { tasks: 10, attempts: 2, failureShare: 0.2, runs: 2000 }; // (1 - 0.2 ** 2) ** 10 = 0.6648
  expect(judge({ ...cell, completed: 1330 })).toMatchObject({ expected: expect.closeTo(0.6648, 4), seen: 0.665, holds: true });
  expect(judge({ ...cell, completed: 1265 }).holds).toBe(true);
  expect(judge({ ...cell, completed: 1257 }).holds).toBe(false);
  expect(judge({ ...cell, completed: 1402 }).holds).toBe(false);
});

test("all or nothing holds where nothing else is to be expected", () => {
  expect(judge({ tasks: 50, attempts: 1, failureShare: 0.4, runs: 2000, completed: 0 }).holds).toBe(true); // 8e-12
  expect(judge({ tasks: 10, attempts: 5, failureShare: 0.05, runs: 2000, completed: 2000 }).holds).toBe(true);
  expect(judge({ tasks: 10, attempts: 5, failureShare: 0.05, runs: 2000, completed: 1990 }).holds).toBe(false);
});

test("coins fall as often as they should, whatever the run, the task and the attempt are called", () => {
  for (const failureShare of [0.05, 0.4]) {
    for (const tasks of [10, 50]) {
      let fallen = 0;
      const tosses = 20_000;
      for (let toss = 0; toss < tosses; toss++) {
        const attempt = 1 + (toss % 5);
        if (falls({ seed: 1, failureShare }, `run-${Math.floor(toss / tasks)}`, coinName(toss % tasks), attempt)) fallen++;
      }
      expect(Math.abs(fallen / tosses - failureShare)).toBeLessThan(4 * Math.sqrt((failureShare * (1 - failureShare)) / tosses));
    }
  }
});

test("the share of runs whose coins let them complete is the closed form: every cell holds", () => {
  for (const cell of cells) {
    let completed = 0;
    for (let run = 0; run < 500; run++) {
      if (fateOf({ ...cell, seed: 7, runId: `run-${JSON.stringify(cell)}-${run}` }).kind === "completes") completed++;
    }
    expect(judge({ ...cell, runs: 500, completed }), JSON.stringify(cell)).toMatchObject({ holds: true, expected: closedForm(cell) });
  }
});

test("a run completes when every task has an attempt that does not fail, and names that attempt", () => {
  const run = fc.record({
    seed: fc.integer(),
    failureShare: fc.double({ min: 0, max: 1, noNaN: true }),
    runId: fc.string(),
    tasks: fc.integer({ min: 1, max: 10 }),
    attempts: fc.integer({ min: 1, max: 5 }),
  });
  fc.assert(
    fc.property(run, (of) => {
      const fate = fateOf(of);
      const losers = Array.from({ length: of.tasks }, (_, index) => coinName(index)).filter((task) =>
        Array.from({ length: of.attempts }, (_, index) => index + 1).every((attempt) => falls(of, of.runId, task, attempt)),
      );
      if (fate.kind === "fails") expect(fate.tasks).toEqual(losers);
      else {
        expect(losers).toEqual([]);
        for (const [index, attempt] of fate.succeededIn.entries()) {
          expect(falls(of, of.runId, coinName(index), attempt)).toBe(false);
          for (let earlier = 1; earlier < attempt; earlier++) expect(falls(of, of.runId, coinName(index), earlier)).toBe(true);
        }
        expect(fate.succeededIn).toHaveLength(of.tasks);
      }
    }),
  );
});
