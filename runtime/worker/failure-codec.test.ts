import { describe, expect, test } from "vitest";
import { DataFlowerError } from "../../actors/kernel/errors.js";
import { copyValue } from "../../actors/kernel/value.js";
import { mayRetry } from "../../actors/workflow/retry.js";
import { taskFailure } from "../../actors/workflow/task-failure.js";
import { decodeFailure, encodeFailure } from "./failure-codec.js";

class QuotaError extends Error {
  readonly code = "E_QUOTA";
}

describe("a failure on its way from a guest to the home", () => {
  test.each<[string, unknown, readonly string[]]>([
    ["the name of a class", new QuotaError("full"), ["QuotaError"]],
    ["a code", new QuotaError("full"), ["E_QUOTA"]],
    ["the code of thrown data", { code: 7 }, ["7"]],
    ["the name of thrown data", { name: "Stop" }, ["Stop"]],
  ])("is as little repeated as here, by %s", (_, thrown, nonRetryable) => {
    const here = { kind: "threw", error: taskFailure("a[2]", 1, thrown, "run-1"), heartbeat: undefined } as const;
    const there = decodeFailure(encodeFailure(here));
    for (const failure of [here, there]) {
      expect(mayRetry({ attempts: 3, nonRetryable }, 1, failure)).toBe(false);
      expect(mayRetry({ attempts: 3, nonRetryable: ["other"] }, 1, failure)).toBe(true);
    }
    expect(there.error).toBeInstanceOf(DataFlowerError);
    expect(there).toMatchObject({ kind: "threw", error: { code: "DF_TASK_FAILED", task: "a[2]", attempts: 1, runId: "run-1" } });
  });

  test("keeps the causes of causes", () => {
    const thrown = new Error("outer", { cause: new QuotaError("inner") });
    const { error } = decodeFailure(encodeFailure({ kind: "threw", error: taskFailure("a", 2, thrown, "r"), heartbeat: 1 }));
    expect(error.cause).toMatchObject({ message: "outer", cause: { name: "QuotaError", message: "inner", code: "E_QUOTA" } });
  });

  test("says that no scheduler gave the task, and what the scheduler threw", () => {
    const error = new DataFlowerError("DF_SCHEDULER_FAILED", "Cannot", { cause: new QuotaError("full"), task: "a" });
    const there = decodeFailure(encodeFailure({ kind: "unscheduled", error, heartbeat: undefined }));
    expect(there).toMatchObject({ kind: "unscheduled", error: { code: "DF_SCHEDULER_FAILED", task: "a", cause: { code: "E_QUOTA" } } });
  });

  test("brings the details of the last heartbeat, whatever data they are", () => {
    const error = new DataFlowerError("DF_TASK_TIMEOUT", "Cannot", { task: "a", attempts: 1 });
    for (const details of [undefined, null, { done: [1n, new Map([["x", new Uint8Array(9)]])] }, "x".repeat(100_000)]) {
      const heartbeat = copyValue(details);
      expect(decodeFailure(encodeFailure({ kind: "timed-out", error, heartbeat }))).toEqual({ kind: "timed-out", error, heartbeat });
    }
  });
});
