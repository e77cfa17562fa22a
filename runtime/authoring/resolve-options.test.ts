import { describe, expect, test } from "vitest";
import { checkTaskDefaults, resolveArity, resolveMapOptions, resolveReduceOptions, resolveTaskOptions } from "./resolve-options.js";

const standard = {
  attempts: 3,
  backoff: "exponential",
  delayMs: 100,
  delayMsMax: 30_000,
  jitter: true,
  nonRetryable: [],
  timeoutMs: 300_000,
  heartbeatTimeoutMs: Number.POSITIVE_INFINITY,
  priority: 0,
  estimateMs: undefined,
  cpus: undefined,
  memoryBytes: undefined,
  delivery: "at-least-once",
  onFailure: "fail",
};

const resolve = (given: unknown, defaults = {}) => resolveTaskOptions(given, defaults, "resize");

describe("resolveTaskOptions", () => {
  test("fills in what is documented", () => {
    expect(resolve(undefined)).toEqual(standard);
    expect(resolve({})).toEqual(standard);
    expect(resolve({ timeout: undefined, retry: undefined, name: "x", after: [] })).toEqual(standard);
    expect(resolve(undefined)).not.toHaveProperty("fallback");
  });

  test("reads every option", () => {
    const retry = { attempts: 5, backoff: "fixed", delay: "2s", delayMax: "1m", jitter: false, nonRetryable: ["E_GONE"] };
    const own = { timeout: "1.5h", heartbeatTimeout: 10, priority: -3, estimate: 0, cpus: 0.5, memory: "2GiB", executor: "threads" };
    expect(resolve({ retry, ...own, delivery: "at-most-once", onFailure: "skip-dependents", fallback: [1] })).toEqual({
      attempts: 5,
      backoff: "fixed",
      delayMs: 2_000,
      delayMsMax: 60_000,
      jitter: false,
      nonRetryable: ["E_GONE"],
      timeoutMs: 5_400_000,
      heartbeatTimeoutMs: 10,
      priority: -3,
      estimateMs: 0,
      cpus: 0.5,
      memoryBytes: 2 ** 31,
      delivery: "at-most-once",
      onFailure: "skip-dependents",
      fallback: { value: [1] },
    });
  });

  test.each([
    ["250ms", 250],
    ["30s", 30_000],
    ["5m", 300_000],
    ["1h", 3_600_000],
    ["2d", 172_800_000],
    [1234, 1234],
    [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
  ])("takes the time-out %s", (timeout, timeoutMs) => {
    expect(resolve({ timeout }).timeoutMs).toBe(timeoutMs);
  });

  test("takes a number of attempts for a retry policy", () => {
    expect(resolve({ retry: 1 })).toEqual({ ...standard, attempts: 1 });
  });

  test("says where attempts execute only where that is not the worker's own thread", () => {
    expect(resolve({ executor: "process" })).toEqual({ ...standard, executor: "process" });
    expect(resolve({ executor: "threads" }, { executor: "process" })).toEqual(standard);
  });

  test("raises the longest delay to a longer first one", () => {
    expect(resolve({ retry: { delay: "1m" } }).delayMsMax).toBe(60_000);
  });

  test("keeps undefined as a fallback when it was given", () => {
    expect(resolve({ fallback: undefined })).toEqual({ ...standard, fallback: { value: undefined } });
  });

  test("takes a task's own option before the workflow's default, field by field within retry", () => {
    const defaults = { timeout: "1m", priority: 7, retry: { attempts: 9, delay: "1s" } } as const;
    const resolved = resolve({ priority: 1, retry: { attempts: 2 } }, defaults);
    expect(resolved).toEqual({ ...standard, timeoutMs: 60_000, priority: 1, attempts: 2, delayMs: 1_000 });
    expect(resolve({ retry: 4 }, defaults)).toMatchObject({ attempts: 4, delayMs: 1_000 });
    expect(resolve({ retry: { delay: "3s" } }, { retry: 8 })).toMatchObject({ attempts: 8, delayMs: 3_000 });
  });
});

const tenYears = "3651d";
const invalid: [path: string, given: Record<string, unknown>][] = [
  ["resize.retires", { retires: 3 }],
  ["resize.arity", { arity: 2 }],
  ...[0, -1, 1.5, Number.NaN, 10_001, "3", null].map((retry): [string, Record<string, unknown>] => ["resize.retry", { retry }]),
  ...[0, -1, 1.5, Number.NaN, 10_001, "3", null].map((attempts): [string, Record<string, unknown>] => [
    "resize.retry.attempts",
    { retry: { attempts } },
  ]),
  ["resize.retry", { retry: [] }],
  ["resize.retry.tries", { retry: { tries: 1 } }],
  ["resize.retry.backoff", { retry: { backoff: "linear" } }],
  ["resize.retry.delay", { retry: { delay: -1 } }],
  ["resize.retry.delay", { retry: { delay: Number.POSITIVE_INFINITY } }],
  ["resize.retry.delayMax", { retry: { delay: 10, delayMax: 9 } }],
  ["resize.retry.jitter", { retry: { jitter: 1 } }],
  ["resize.retry.nonRetryable", { retry: { nonRetryable: "E" } }],
  ["resize.retry.nonRetryable", { retry: { nonRetryable: [1] } }],
  ...["5 minutes", "s", "-5s", "1e3s", "5", "", "5M", 0, -1, Number.NaN, tenYears, null, {}, "1toString"].map(
    (timeout): [string, Record<string, unknown>] => ["resize.timeout", { timeout }],
  ),
  ["resize.heartbeatTimeout", { heartbeatTimeout: 0 }],
  ["resize.estimate", { estimate: -1 }],
  ["resize.estimate", { estimate: Number.POSITIVE_INFINITY }],
  ...[1.5, Number.NaN, 2e9, "high", null].map((priority): [string, Record<string, unknown>] => ["resize.priority", { priority }]),
  ...[-1, Number.NaN, 2_000, "all"].map((cpus): [string, Record<string, unknown>] => ["resize.cpus", { cpus }]),
  ...[0, -1, 0.5, Number.NaN, "512MB", "2PiB"].map((memory): [string, Record<string, unknown>] => ["resize.memory", { memory }]),
  ["resize.executor", { executor: "lambda" }],
  ["resize.delivery", { delivery: null }],
  ["resize.onFailure", { onFailure: "ignore" }],
];

describe("an option that breaks its rule is DF_OPTION_INVALID with its path, the rule and what was found", () => {
  test.each(invalid)("%s %o", (path, given) => {
    expect(() => resolve(given)).toThrow(
      expect.objectContaining({ code: "DF_OPTION_INVALID", message: expect.stringContaining(`option ${path} as`) }),
    );
  });

  test.each([null, 1, "fast", [], () => 1])("options that are %s", (given) => {
    expect(() => resolve(given)).toThrow(expect.objectContaining({ code: "DF_OPTION_INVALID" }));
  });

  test("says everything in one line", () => {
    expect(() => resolve({ retry: { attempts: Number.NaN } })).toThrow(
      "Cannot use option resize.retry.attempts as it must be an integer from 1 to 10,000: found NaN",
    );
    expect(() => resolve({ retires: 3 })).toThrow(/resize\.retires as there is none of that name: known are retry, timeout/);
  });

  test("among a workflow's defaults, where name, after and fallback mean nothing", () => {
    expect(() => checkTaskDefaults({ timeout: "soon" }, "workflow.defaults")).toThrow(/workflow\.defaults\.timeout/);
    for (const name of ["name", "after", "fallback"]) {
      expect(() => checkTaskDefaults({ [name]: "x" }, "workflow.defaults")).toThrow(expect.objectContaining({ code: "DF_OPTION_INVALID" }));
    }
  });
});

describe("options of maps and reduces", () => {
  test("are filled in", () => {
    expect(resolveMapOptions(undefined, "map")).toEqual({ name: undefined, concurrency: 0 });
    expect(resolveMapOptions({ concurrency: 8 }, "map")).toEqual({ name: undefined, concurrency: 8 });
    expect(resolveArity(undefined, "sum")).toBe(2);
    expect(resolveArity({ arity: 8, timeout: "1s" }, "sum")).toBe(8);
    expect(resolveReduceOptions({ arity: 8, priority: 2 }, {}, "sum")).toEqual({ ...standard, priority: 2 });
  });

  test.each([0, -1, 1.5, Number.NaN, 1_000_001, "8", null])("concurrency %s is refused", (concurrency) => {
    expect(() => resolveMapOptions({ concurrency }, "map")).toThrow(expect.objectContaining({ code: "DF_OPTION_INVALID" }));
  });

  test.each([0, 1, 1.5, Number.NaN, 1_025, "2", null])("arity %s is refused", (arity) => {
    expect(() => resolveArity({ arity }, "sum")).toThrow(expect.objectContaining({ code: "DF_OPTION_INVALID" }));
  });

  test("unknown names are refused", () => {
    expect(() => resolveMapOptions({ retry: 1 }, "map")).toThrow(/map\.retry as there is none of that name/);
    expect(() => resolveReduceOptions({ concurrency: 1 }, {}, "sum")).toThrow(/sum\.concurrency as there is none of that name/);
  });
});
