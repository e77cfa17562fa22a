import { threadId } from "node:worker_threads";
import { expect, test } from "vitest";
import { type Beat, beat, countedPairs, hopRowsOf } from "./hop-rows.js";

/** What has hopped, to thread 2, has waited for less. */
const row = (index: number, ...threads: number[]): Beat[] =>
  threads.map((thread) => {
    const hasHopped = thread === 2;
    return { thread, row: index, endedAt: index, waitMs: 10 * index + (hasHopped ? 0 : 1), hasHopped };
  });

test("the tasks of a row end at the same moment, counted from the last end above them", () => {
  const above = [beat({ above: [], spinMs: 1 }), beat({ above: [], spinMs: 2 })];
  const [one, other] = [beat({ above, spinMs: 5 }), beat({ above, spinMs: 5 })];
  expect(one.endedAt - above[1]!.endedAt).toBeGreaterThanOrEqual(5);
  expect(other.waitMs).toBeGreaterThanOrEqual(5); // it began when the first one had ended, and ended at once
  expect(one.waitMs).toBeLessThan(other.waitMs);
  expect([above[0]!.row, one.row]).toEqual([0, 1]);
});

test("a task has hopped when the task that ended last above it was executed elsewhere", () => {
  const here = beat({ above: [], spinMs: 0 });
  const elsewhere = { ...here, thread: threadId + 1, endedAt: here.endedAt + 1 };
  expect(beat({ above: [here, elsewhere], spinMs: 0 }).hasHopped).toBe(true);
  expect(beat({ above: [elsewhere, { ...here, endedAt: here.endedAt + 2 }], spinMs: 0 }).hasHopped).toBe(false);
  expect(here.hasHopped).toBe(false);
});

test("a warm pair counts when both threads were busy above it; what nobody came for counts as what it has waited", () => {
  const warm = { ...hopRowsOf("warm"), widths: [2, 2, 2, 2] };
  const answer = [row(0, 1, 2), row(1, 1, 2), row(2, 1, 1), row(3, 1, 2)].flat();
  expect(countedPairs(warm, answer)).toEqual([
    { hopMs: 10, hasStayed: false },
    { hopMs: 21, hasStayed: true },
  ]);
});

test("a cold pair counts below the task that let the other thread sleep", () => {
  const cold = { ...hopRowsOf("cold"), widths: [1, 2, 1, 2] };
  expect(countedPairs(cold, [row(0, 1), row(1, 1, 2), row(2, 1), row(3, 1, 1)].flat())).toEqual([
    { hopMs: 10, hasStayed: false },
    { hopMs: 31, hasStayed: true },
  ]);
});

test("an answer with a task missing, or one in another row, does not count", () => {
  const warm = { ...hopRowsOf("warm"), widths: [2, 2] };
  const answer = [row(0, 1, 2), row(1, 1, 2)].flat();
  expect(() => countedPairs(warm, answer.slice(1))).toThrow("its answer is wrong");
  expect(() => countedPairs(warm, [...answer.slice(0, 3), { ...answer[3]!, row: 0 }])).toThrow("its answer is wrong");
});
