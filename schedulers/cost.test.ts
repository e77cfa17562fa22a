import { describe, expect, test } from "vitest";
import { ampleFactor, cost } from "./cost.js";
import { createPolicy } from "./index.js";
import { policyConformance, type TestTask, testTask } from "./policy.conformance.js";

const make = () => createPolicy<TestTask>(cost, { random: () => 0 });

policyConformance("cost", make, ({ deadline = Number.POSITIVE_INFINITY, remainingPath, estimate, readyAt }, now) => {
  const canMakeIt = now + remainingPath <= deadline;
  const isAmple = now + ampleFactor * remainingPath <= deadline;
  if (canMakeIt && !isAmple) return [0, deadline - remainingPath, 0];
  return estimate === undefined ? [2, 0, readyAt] : [1, -estimate, 0];
});

/** Numbers of tasks in the order in which they are taken, all ready at 100. */
function orderOf(...facts: readonly Partial<TestTask>[]): number[] {
  const policy = make();
  facts.forEach((given, number) => void policy.insert(testTask(number, given), 100));
  return facts.map(() => policy.take(100)!.number);
}

describe("cost", () => {
  test("the longest goes first, and last what nobody has estimated, or has estimated by what is no time", () => {
    expect(orderOf({ estimate: 5 }, {}, { estimate: 0 }, { estimate: 9 })).toEqual([3, 0, 2, 1]);
    expect(orderOf({ estimate: Number.NaN, readyAt: 2 }, { estimate: -5, readyAt: 1 }, { estimate: 0 })).toEqual([2, 1, 0]);
  });

  test("what is pressed for time goes before, by its latest start", () => {
    const long = { estimate: 1e9, remainingPath: 1e9 };
    const loose = { estimate: 10, remainingPath: 10, deadline: 139 };
    const tight = { estimate: 10, remainingPath: 30, deadline: 140 };
    expect(orderOf(long, loose, tight)).toEqual([2, 1, 0]);
  });

  test.each([
    ["has ample time", 100 + ampleFactor * 10, [0, 1]],
    ["has not", 100 + ampleFactor * 10 - 1, [1, 0]],
    ["can just make it", 110, [1, 0]],
    ["cannot make it", 109, [0, 1]],
  ])("a task that %s", (_, deadline, order) => {
    expect(orderOf({ estimate: 20 }, { estimate: 10, remainingPath: 10, deadline })).toEqual(order);
  });

  test("ranks of tasks in ages, and of engines that have run for ages, keep their order", () => {
    const ages = 3e11;
    const policy = make();
    const late = 1e13;
    policy.insert(testTask(0, { estimate: ages }), late);
    policy.insert(testTask(1, { remainingPath: 10, deadline: late + 21 }), late);
    policy.insert(testTask(2, { remainingPath: 10, deadline: late + 20 }), late);
    expect([0, 1, 2].map(() => policy.take(late)!.number)).toEqual([2, 1, 0]);
  });
});
