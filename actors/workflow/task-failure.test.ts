import { describe, expect, test } from "vitest";
import { DataFlowerError } from "../kernel/errors.js";
import { graphOf } from "./graph.fixture.js";
import { NODE_TASK } from "./graph.js";
import { ReadyTask } from "./run.js";
import { liveRun } from "./scope.fixture.js";
import { failureOf, inTask, refusal, taskFailure } from "./task-failure.js";

describe("taskFailure", () => {
  test.each<[string, unknown, string]>([
    ["an error", new TypeError("no such thing"), "TypeError: no such thing"],
    ["a string", 'a "word"', '"a \\"word\\""'],
    ["nothing", undefined, "undefined"],
    ["a symbol", Symbol("s"), "Symbol(s)"],
    ["an object that cannot be printed", Object.create(null), "a value that cannot be printed"],
  ])("says what was thrown, when it was %s", (_, thrown, words) => {
    const failure = taskFailure("a[1]", 2, thrown, "run-7");
    expect(failure).toMatchObject({ code: "DF_TASK_FAILED", task: "a[1]", attempts: 2, runId: "run-7" });
    expect(failure.cause).toBe(thrown);
    expect(failure.message).toBe(`Cannot finish a[1] after 2 attempts as its handler must return: it threw ${words}`);
  });

  test("says nothing of attempts when there was one", () => {
    expect(taskFailure("a", 1, 7, "r").message).toBe("Cannot finish a as its handler must return: it threw 7");
  });

  test("never throws and never grows without bound", () => {
    const hostile = Object.defineProperty(new Error("x"), "message", {
      get() {
        throw new Error("gotcha");
      },
    });
    expect(taskFailure("a", 1, hostile, "r").message).toContain("cannot be printed");
    expect(taskFailure("a", 1, new Error("x".repeat(1e6)), "r").message.length).toBeLessThan(1000);
    expect(taskFailure("a", 1, "x".repeat(1e6), "r").message.length).toBeLessThan(1000);
  });

  test("wraps an error of the runtime's own as well: a handler may throw any, whatever task it names", () => {
    const thrown = new DataFlowerError("DF_CANCELLED", "Cannot", { task: "a", attempts: 7 });
    expect(taskFailure("a", 1, thrown, "r")).toMatchObject({ code: "DF_TASK_FAILED", task: "a", attempts: 1, cause: thrown });
  });
});

describe("inTask", () => {
  test("adds where an error of the runtime's own happened, and keeps a place that it names itself", () => {
    const error = new DataFlowerError("DF_UNSERIALIZABLE", "Cannot", { cause: 1 });
    expect(inTask(error, "a", 1, "r")).toMatchObject({
      code: "DF_UNSERIALIZABLE",
      message: "Cannot",
      cause: 1,
      task: "a",
      attempts: 1,
      runId: "r",
    });
    expect(inTask(new DataFlowerError("DF_TASK_FAILED", "Cannot", { task: "b" }), "a", 1, "r").task).toBe("b");
  });

  test("keeps a count of attempts that the error names itself, and invents no cause", () => {
    const error = inTask(new DataFlowerError("DF_WORKER_LOST", "Cannot", { attempts: 4 }), "a", 1, "r");
    expect(error.attempts).toBe(4);
    expect("cause" in error).toBe(false);
  });

  test("throws anything else on: it is a mistake of ours", () => {
    const mistake = new TypeError("undefined is not a function");
    expect(() => inTask(mistake, "a", 1, "r")).toThrow(mistake);
  });
});

describe("failureOf", () => {
  const run = liveRun(graphOf([{ nodes: [{ kind: NODE_TASK, name: "a" }] }]));
  const task = new ReadyTask(run, run.root, 1, 1, 0);
  task.attempt = 3;
  task.past = { heartbeat: "earlier", end: undefined, dueAt: 0 };
  const ended = { kind: "task-ended", task, at: 5 } as const;

  test("of a handler that threw has what it threw as the cause", () => {
    const failure = failureOf("threw", { ...ended, outcome: "threw", value: "no", heartbeat: undefined });
    expect(failure).toMatchObject({ kind: "threw", error: { code: "DF_TASK_FAILED", attempts: 3, cause: "no" } });
  });

  test("of the runtime's own keeps its code and says which attempt it was", () => {
    const value = new DataFlowerError("DF_TASK_TIMEOUT", "Cannot finish a");
    const failure = failureOf("timed-out", { ...ended, outcome: "timed-out", value, heartbeat: undefined });
    expect(failure).toMatchObject({ kind: "timed-out", error: { code: "DF_TASK_TIMEOUT", task: "a", attempts: 3, runId: "run-0" } });
  });

  test("keeps the newest heartbeat of all attempts", () => {
    const of = (heartbeat: unknown) => failureOf("threw", { ...ended, outcome: "threw", value: 1, heartbeat }).heartbeat;
    expect([of(undefined), of("newest"), of(null)]).toEqual(["earlier", "newest", null]);
  });

  test("refusal names the task whose output was refused", () => {
    const thrown = new DataFlowerError("DF_RESULT_TOO_LARGE", "Cannot");
    expect(refusal(task, thrown)).toMatchObject({ kind: "refused", error: { code: "DF_RESULT_TOO_LARGE", task: "a", attempts: 3 } });
  });

  test.each([
    ["crashed", undefined, "lost"],
    ["crashed", "process", "lost"],
    ["timed-out", "process", "lost"],
    ["timed-out", undefined, "timed-out"],
    ["threw", "process", "threw"],
  ] as const)("is unknown where an attempt that must not be repeated was interrupted: %s, in %s", (kind, executor, expected) => {
    const graph = graphOf([{ nodes: [{ kind: NODE_TASK, name: "a" }] }]);
    const once = { ...graph.options(1), delivery: "at-most-once" as const, ...(executor === undefined ? {} : { executor }) };
    const onceRun = liveRun({ ...graph, options: () => once });
    const value = new DataFlowerError("DF_WORKER_LOST", "Cannot");
    const own = new ReadyTask(onceRun, onceRun.root, 1, 1, 0);
    const failure = failureOf(kind, { kind: "task-ended", task: own, at: 5, outcome: kind, value, heartbeat: undefined });
    expect(failure.kind).toBe(expected);
    expect(failure.error.code === "DF_OUTCOME_UNKNOWN").toBe(expected === "lost");
    if (expected === "lost") expect(failure.error).toMatchObject({ task: "a", attempts: 1, cause: value });
  });
});
