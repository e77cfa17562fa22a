import { describe, expect, test } from "vitest";
import { Fifo } from "./fifo.js";
import { policyConformance, type TestTask, testTask } from "./policy.conformance.js";

policyConformance(
  "fifo",
  () => new Fifo(),
  ({ readyAt }) => [readyAt],
);

describe("Fifo", () => {
  test("goes by readiness alone, and by order and position where that is equal", () => {
    const policy = new Fifo<TestTask>();
    policy.insert(testTask(0, { readyAt: 9, priority: 5, deadline: 1 }));
    policy.insert(testTask(1, { readyAt: 1, priority: -5, deadline: 99 }));
    policy.insert(testTask(2, { readyAt: 9, order: -1, position: 7 }));
    policy.insert(testTask(3, { readyAt: 9, position: -1 }));
    expect(Array.from({ length: 4 }, () => policy.take()?.number)).toEqual([1, 2, 3, 0]);
  });

  test("finds tasks to remove among many, wherever the queue has been moved to", () => {
    const policy = new Fifo<TestTask>();
    const tasks = Array.from({ length: 1_000 }, (_, number) => testTask(number, { readyAt: number }));
    for (const task of tasks) policy.insert(task);
    for (let count = 0; count < 100; count++) policy.take();
    for (const task of tasks) if (task.number % 3 > 0) expect(policy.remove(task)).toBe(task.number >= 100);
    for (const task of tasks) if (task.number % 3 > 0) expect(policy.remove(task)).toBe(false);
    const rest = Array.from({ length: policy.size }, () => policy.take()?.number);
    expect(rest).toEqual(tasks.map(({ number }) => number).filter((number) => number >= 100 && number % 3 === 0));
  });
});
