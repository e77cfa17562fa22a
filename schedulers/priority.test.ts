import { describe, expect, test } from "vitest";
import { createPolicy } from "./index.js";
import { policyConformance, type TestTask, testTask } from "./policy.conformance.js";
import { agingMs, priority } from "./priority.js";

const make = () => createPolicy<TestTask>(priority, { random: () => 0 });

policyConformance("priority", make, (task) => [task.readyAt - task.priority * agingMs]);

describe("priority", () => {
  test.each([
    ["the higher priority goes first", 0, 0],
    ["which it also does while the other has waited for less than one aging", agingMs - 1, 0],
    ["but not when it has waited for more", agingMs + 1, 1],
  ])("%s", (_, waitedMs, first) => {
    const policy = make();
    policy.insert(testTask(1, { priority: 1, readyAt: 0 }), 0);
    policy.insert(testTask(0, { priority: 2, readyAt: waitedMs }), waitedMs);
    expect(policy.take(waitedMs)?.number).toBe(first);
  });
});
