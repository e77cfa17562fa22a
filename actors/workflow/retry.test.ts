import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DataFlowerError } from "../kernel/errors.js";
import type { Failure, FailureKind } from "./failure.js";
import { mayRetry, mayRetryCharged, outOfMemoryAttemptsMax, retryDelayMs } from "./retry.js";
import { taskFailure } from "./task-failure.js";

/** What resolveTaskOptions() lets through. */
const attempts = fc.oneof(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 10_000 }));
const tenYearsMs = 3_650 * 24 * 3_600_000;
const policies = fc
  .record({
    backoff: fc.constantFrom("fixed" as const, "exponential" as const),
    delayMs: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 1000, noNaN: true }), fc.integer({ min: 0, max: tenYearsMs })),
    more: fc.double({ min: 1, max: 1e6, noNaN: true }),
    jitter: fc.boolean(),
  })
  .map(({ more, ...policy }) => ({ ...policy, delayMsMax: Math.min(policy.delayMs * more, tenYearsMs) }));
const randoms = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

const failure = (kind: FailureKind, error: DataFlowerError): Failure => ({ kind, error, heartbeat: undefined });
const threw = (thrown: unknown) => failure("threw", taskFailure("a", 1, thrown, "r"));
const timedOut = failure("timed-out", new DataFlowerError("DF_TASK_TIMEOUT", "Cannot"));

describe("retryDelayMs", () => {
  test("is a number from nothing to the cap, whatever the attempt", () => {
    fc.assert(
      fc.property(policies, attempts, randoms, (policy, attempt, random) => {
        const delay = retryDelayMs(policy, attempt, () => random);
        expect(delay).toBeGreaterThanOrEqual(0); // not so for NaN
        expect(delay).toBeLessThanOrEqual(policy.delayMsMax);
      }),
    );
  });

  test("does not overflow at the last attempt there may be", () => {
    const policy = { backoff: "exponential", delayMs: 1, delayMsMax: 30_000, jitter: false } as const;
    expect([1, 2, 3, 10, 16, 1024, 10_000].map((attempt) => retryDelayMs(policy, attempt, () => 0))).toEqual([
      1, 2, 4, 512, 30_000, 30_000, 30_000,
    ]);
    expect(retryDelayMs({ ...policy, delayMs: 0, delayMsMax: 0 }, 10_000, () => 0)).toBe(0);
    expect(retryDelayMs({ ...policy, delayMs: 0 }, 10_000, () => 0)).toBe(0);
  });

  test("doubles after each attempt until it reaches the cap, or stays as it is", () => {
    fc.assert(
      fc.property(policies, attempts, ({ backoff, ...policy }, attempt) => {
        const without = { ...policy, jitter: false };
        const of = (which: "fixed" | "exponential", n: number) => retryDelayMs({ ...without, backoff: which }, n, () => 0);
        expect(of("fixed", attempt)).toBe(policy.delayMs);
        expect(of("exponential", 1)).toBe(policy.delayMs);
        expect(of("exponential", attempt + 1)).toBe(Math.min(2 * of("exponential", attempt), policy.delayMsMax));
      }),
    );
  });

  test("with jitter is drawn between half of it and all of it, evenly", () => {
    fc.assert(
      fc.property(policies, attempts, randoms, (policy, attempt, random) => {
        const whole = retryDelayMs({ ...policy, jitter: false }, attempt, () => random);
        const drawn = retryDelayMs({ ...policy, jitter: true }, attempt, () => random);
        expect(drawn).toBeCloseTo(whole * (0.5 + random / 2), 3);
        expect(drawn).toBeGreaterThanOrEqual(whole / 2);
        expect(drawn).toBeLessThanOrEqual(whole);
      }),
    );
  });
});

describe("mayRetry", () => {
  const always = { attempts: 3, nonRetryable: [] };

  test("allows as many attempts as there may be in all", () => {
    fc.assert(
      fc.property(attempts, attempts, fc.constantFrom(threw(new Error("x")), timedOut), (inAll, attempt, what) => {
        expect(mayRetry({ attempts: inAll, nonRetryable: [] }, attempt, what)).toBe(attempt < inAll);
      }),
    );
  });

  test("repeats neither what was refused nor what was lost", () => {
    expect(mayRetry(always, 1, failure("refused", new DataFlowerError("DF_UNSERIALIZABLE", "Cannot")))).toBe(false);
    expect(mayRetry(always, 1, failure("unscheduled", new DataFlowerError("DF_SCHEDULER_FAILED", "Cannot")))).toBe(false);
    expect(mayRetry(always, 1, failure("lost", new DataFlowerError("DF_WORKER_LOST", "Cannot")))).toBe(false);
  });

  class QuotaError extends Error {}
  const hostile = Object.defineProperties(new Error("x"), {
    name: {
      get() {
        throw new Error("no name");
      },
    },
    code: { value: "E_BAD" },
  });

  test.each<[string, unknown, string[]]>([
    ["an error by its name", Object.assign(new Error("x"), { name: "Mine" }), ["Mine"]],
    ["an error by its builtin class", new RangeError("x"), ["RangeError"]],
    ["an error by its own class, although that sets no name", new QuotaError("x"), ["QuotaError"]],
    ["an error by its code", Object.assign(new Error("x"), { code: "ENOENT" }), ["ENOENT"]],
    ["an error by a code that is a number", Object.assign(new Error("x"), { code: 404 }), ["404"]],
    ["an error of DataFlower by its code", new DataFlowerError("DF_CANCELLED", "x"), ["DF_CANCELLED"]],
    ["an object by its name", { name: "Stop" }, ["Stop"]],
    ["an object by its code", { code: "E_STOP" }, ["E_STOP"]],
    ["an error whose name cannot be read by its code", hostile, ["E_BAD"]],
  ])("does not repeat %s", (_, thrown, names) => {
    for (const name of names) {
      expect(mayRetry({ attempts: 3, nonRetryable: ["else", name] }, 1, threw(thrown))).toBe(false);
      expect(mayRetry({ attempts: 3, nonRetryable: ["else"] }, 1, threw(thrown))).toBe(true);
    }
  });

  test.each([undefined, null, "text", 7, Symbol("s"), () => {}, Object.create(null), { name: { code: 1 }, code: null }])(
    "repeats what has no name: %s",
    (thrown) => {
      const nonRetryable = ["text", "7", "undefined", "null", "Error", "DF_TASK_FAILED", "[object Object]"];
      expect(mayRetry({ attempts: 3, nonRetryable }, 1, threw(thrown))).toBe(true);
    },
  );

  test("looks at the code of what nobody threw", () => {
    expect(mayRetry({ attempts: 3, nonRetryable: ["DF_TASK_TIMEOUT"] }, 1, timedOut)).toBe(false);
    expect(mayRetry({ attempts: 3, nonRetryable: ["DF_TASK_FAILED"] }, 1, timedOut)).toBe(true);
  });
});

describe("mayRetry of an attempt whose process has ended", () => {
  const crashed = (code: "DF_WORKER_LOST" | "DF_TASK_OOM") => failure("crashed", new DataFlowerError(code, "Cannot"));

  test("allows the attempts that are left, of those that took too much memory no more than two", () => {
    const options = { attempts: 3, nonRetryable: [] };
    expect([1, 2, 3].map((attempt) => mayRetry(options, attempt, crashed("DF_WORKER_LOST")))).toEqual([true, true, false]);
    expect([1, 2, 3].map((attempt) => mayRetry(options, attempt, crashed("DF_TASK_OOM")))).toEqual([true, false, false]);
  });

  test("repeats nothing that is named", () => {
    expect(mayRetry({ attempts: 3, nonRetryable: ["DF_WORKER_LOST"] }, 1, crashed("DF_WORKER_LOST"))).toBe(false);
  });
});

describe("mayRetryCharged", () => {
  test("allows the attempts that are left, of those that exhaust the heap no more than two", () => {
    fc.assert(
      fc.property(attempts, attempts, (inAll, used) => {
        const options = { attempts: inAll, nonRetryable: [] };
        for (const code of ["DF_TASK_TIMEOUT", "DF_WORKER_LOST"] as const)
          expect(mayRetryCharged(options, { attempts: used, code })).toBe(used < inAll);
        expect(mayRetryCharged(options, { attempts: used, code: "DF_TASK_OOM" })).toBe(used < Math.min(inAll, outOfMemoryAttemptsMax));
      }),
    );
  });

  test("repeats nothing that is named", () => {
    const charge = { attempts: 1, code: "DF_TASK_OOM" } as const;
    expect(mayRetryCharged({ attempts: 2, nonRetryable: [] }, charge)).toBe(true);
    expect(mayRetryCharged({ attempts: 2, nonRetryable: ["DF_TASK_OOM"] }, charge)).toBe(false);
  });
});
