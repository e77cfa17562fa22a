import { describe, expect, test } from "vitest";
import { criticalPath } from "./critical-path.js";
import { createPolicy } from "./index.js";
import { policyConformance, type TestTask, testTask } from "./policy.conformance.js";

const make = () => createPolicy<TestTask>(criticalPath, { random: () => 0 });

policyConformance("critical-path", make, ({ remainingPath }) => [-remainingPath]);

describe("critical-path", () => {
  test("the longest path goes first, however short the task at its head is", () => {
    const policy = make();
    policy.insert(testTask(1, { remainingPath: 10, estimate: 10 }), 0);
    policy.insert(testTask(2, { remainingPath: 11, estimate: 1 }), 0);
    expect(policy.take(0)?.number).toBe(2);
  });
});
