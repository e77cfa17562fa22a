import { describe, expect, test } from "vitest";
import { createPolicy } from "./index.js";
import { policyConformance, type TestTask, testTask } from "./policy.conformance.js";
import { sjf } from "./sjf.js";

const make = () => createPolicy<TestTask>(sjf, { random: () => 0 });

policyConformance("sjf", make, ({ estimate, readyAt }) => (estimate === undefined ? [Number.POSITIVE_INFINITY, readyAt] : [estimate, 0]));

describe("sjf", () => {
  test("the shortest goes first, and last of all what nobody has estimated, in FIFO order", () => {
    const policy = make();
    policy.insert(testTask(1, { readyAt: 5 }), 0);
    policy.insert(testTask(2, { readyAt: 3, position: 9 }), 0);
    policy.insert(testTask(3, { estimate: 1e12 }), 0);
    policy.insert(testTask(4, { estimate: 0 }), 0);
    expect(Array.from({ length: 4 }, () => policy.take(0)?.number)).toEqual([4, 3, 2, 1]);
  });

  test.each([Number.NaN, -1, Number.NEGATIVE_INFINITY])("an estimate of %d is none", (estimate) => {
    const policy = make();
    policy.insert(testTask(1, { estimate, readyAt: 1 }), 0);
    policy.insert(testTask(2, { readyAt: 2 }), 0);
    policy.insert(testTask(3, { estimate: 1e9 }), 0);
    expect(Array.from({ length: 3 }, () => policy.take(0)?.number)).toEqual([3, 1, 2]);
  });

  test("equal estimates go by order and position, whenever the tasks became ready", () => {
    const policy = make();
    policy.insert(testTask(1, { estimate: 7, readyAt: 1, position: 2 }), 1);
    policy.insert(testTask(2, { estimate: 7, readyAt: 2, position: 1 }), 2);
    expect(policy.take(2)?.number).toBe(2);
  });
});
