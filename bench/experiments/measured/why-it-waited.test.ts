import { expect, test } from "vitest";
import { explainedTasks } from "./why-it-waited.js";

const record = (task: number, worker: number, startedAt: number, endedAt: number) => ({
  ...{ path: `task-${task}`, name: `task-${task}`, attempt: 1, worker, startedAt, endedAt },
  outcome: "returned" as const,
});

test("a task waits for its last input, and then for a worker", () => {
  const records = [record(0, 0, 1, 5), record(1, 1, 0.1, 9), record(2, 0, 9.1, 12), record(3, 1, 9.05, 20), record(4, 0, 15, 16)];
  const spans = explainedTasks(records, [[], [], [0, 1], [1], [2]]);
  expect(spans.map(({ row, readyMs }) => [row, readyMs])).toEqual([
    [0, 0],
    [1, 0],
    [0, 9],
    [1, 9],
    [0, 12],
  ]);
  expect(spans.map(({ why }) => why)).toEqual([
    "It could start with the run; it waited 1.0 ms behind task-1 on worker 1.",
    "It could start with the run; it started at once.",
    "Its last input, task-1, was there at 9.0 ms; it started at once.",
    "Its last input, task-1, was there at 9.0 ms; it started at once.",
    "Its last input, task-2, was there at 12.0 ms; it waited 3.0 ms behind task-3 on worker 1.",
  ]);
});

test("a task that was not recorded is an error", () =>
  expect(() => explainedTasks([], [[]])).toThrow("every task must have been recorded: task-0 was not"));
