import { describe, expect, test } from "vitest";
import { DataFlowerError } from "../kernel/errors.js";
import { inTask, taskFailure } from "./task-failure.js";

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
    expect(failure.message).toBe(`Cannot finish a[1] as its handler must return: it threw ${words}`);
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

  test("throws anything else on: it is a mistake of ours", () => {
    const mistake = new TypeError("undefined is not a function");
    expect(() => inTask(mistake, "a", 1, "r")).toThrow(mistake);
  });
});
