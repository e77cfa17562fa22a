import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DataFlowerError } from "../kernel/errors.js";
import type { Failure, FailureKind } from "./failure.js";
import { graphOf, plainOptions } from "./graph.fixture.js";
import { NODE_TASK, type ResolvedTaskOptions } from "./graph.js";
import { recallTask } from "./recall-task.js";
import { mayRetry, mayRetryCharged } from "./retry.js";
import { ReadyTask } from "./run.js";
import { type Charge, RunPast, type TaskFact } from "./run-past.js";
import { liveRun } from "./scope.fixture.js";

const blank: TaskFact = { positions: [1], attempts: 0, hasReturned: false, dueAt: 0, started: 0, deaths: 0, isParked: false };
const failureOf = (kind: FailureKind): Failure => ({
  ...{ kind, error: new DataFlowerError("DF_TASK_FAILED", kind, { cause: new TypeError("no") }), heartbeat: "alive" },
});
/** One byte each: the value itself, or the place of the kind of a failure. */
const kinds = ["threw", "timed-out", "refused", "lost"] as const;
const codec = {
  value: ([byte]: Uint8Array) => byte,
  failure: ([byte]: Uint8Array) => failureOf(kinds[byte as number] as FailureKind),
};
const failed = (kind: (typeof kinds)[number]): Uint8Array => Uint8Array.of(kinds.indexOf(kind));
const chargeOf = (attempts: number, code: Charge["code"] = "DF_WORKER_LOST"): Charge => ({
  ...{ positions: [1], attempts, code, message: "its thread ended", cause: "why" },
});

/** A task that is ready, with what is known of it. */
function recalled(fact: TaskFact | undefined, options: Partial<ResolvedTaskOptions> = {}): ReadyTask {
  const graph = {
    ...graphOf([{ nodes: [{ kind: NODE_TASK, name: "task" }] }]),
    options: () => ({ ...plainOptions, attempts: 3, ...options }),
  };
  const run = liveRun(graph, { past: new RunPast(fact === undefined ? [] : [fact], codec) });
  const task = new ReadyTask(run, run.root, 1, 1, 0);
  recallTask(task);
  return task;
}

const startsAnew = { attempt: 1, past: undefined, isPinned: false };

describe("a task of which something is known from before", () => {
  test("starts as the first time where nothing is known of it", () => {
    expect(recalled(undefined)).toMatchObject(startsAnew);
    expect(recalled({ ...blank, positions: [1, 0] })).toMatchObject(startsAnew);
  });

  test("is not executed again once it has returned, whatever else has happened to it", () => {
    const rest = fc.record({ attempts: fc.nat(9), started: fc.nat(9), deaths: fc.nat(9), isParked: fc.boolean(), dueAt: fc.nat() });
    fc.assert(
      fc.property(rest, fc.boolean(), fc.boolean(), fc.boolean(), (more, isCharged, hasFailed, hasOutput) => {
        const fact: TaskFact = {
          ...{ ...blank, ...more, hasReturned: true, output: hasOutput ? Uint8Array.of(7) : undefined },
          ...{ charge: isCharged ? chargeOf(1) : undefined, failure: hasFailed ? failed("threw") : undefined },
        };
        for (const delivery of ["at-least-once", "at-most-once"] as const) {
          const { past, isPinned } = recalled(fact, { delivery });
          expect([past?.end, isPinned]).toEqual([{ outcome: "returned", value: hasOutput ? 7 : undefined }, true]);
        }
      }),
    );
  });

  test("goes on with the attempt behind those that have failed, when it is due, with what the last one told", () => {
    expect(recalled({ ...blank, attempts: 2, failure: failed("threw"), dueAt: 90 })).toMatchObject({
      ...{ attempt: 3, isPinned: true, past: { heartbeat: "alive", end: undefined, dueAt: 90 } },
    });
  });

  test("goes on anywhere behind an attempt of which nothing has to be told", () => {
    expect(recalled({ ...blank, attempts: 1, charge: chargeOf(1) })).toMatchObject({ attempt: 2, past: undefined, isPinned: false });
  });

  test("ends as its last attempt did, where none may follow", () => {
    const last = recalled({ ...blank, attempts: 3, failure: failed("threw") });
    expect(last).toMatchObject({ attempt: 3, past: { end: { outcome: "threw", value: { message: "threw" } } } });
    const refused = recalled({ ...blank, attempts: 1, failure: failed("refused") });
    expect(refused).toMatchObject({ attempt: 1, past: { end: { outcome: "refused" } } });
    const named = recalled({ ...blank, attempts: 1, failure: failed("threw") }, { nonRetryable: ["TypeError"] });
    expect(named).toMatchObject({ attempt: 1, past: { end: { outcome: "threw" } } });
  });

  test("ends as lost when its attempts have ended with their threads as often as may be", () => {
    const { past, attempt } = recalled({ ...blank, attempts: 3, charge: chargeOf(3) });
    expect([attempt, past?.end?.outcome]).toEqual([3, "lost"]);
    expect(past?.end?.value).toMatchObject({ code: "DF_WORKER_LOST", task: "task", attempts: 3, cause: "why" });
    expect(recalled({ ...blank, attempts: 2, charge: chargeOf(2, "DF_TASK_OOM") }).past?.end?.value).toMatchObject({ code: "DF_TASK_OOM" });
  });

  test("ends when the process has died of it too often", () => {
    const { past, attempt } = recalled({ ...blank, started: 1, deaths: 5, isParked: true });
    expect([attempt, past?.end?.outcome]).toEqual([1, "lost"]);
    expect(past?.end?.value).toMatchObject({ code: "DF_TASK_CRASHES_PROCESS", message: expect.stringContaining("died 5 times") });
  });

  test.each<[string, Partial<TaskFact>]>([
    ["was about to start when the process died", { started: 2, attempts: 1 }],
    ["ended with its thread", { attempts: 2, charge: chargeOf(2) }],
  ])("ends as unknown where an attempt that must not be repeated %s", (_, known) => {
    const { past } = recalled({ ...blank, ...known }, { delivery: "at-most-once" });
    expect(past?.end).toMatchObject({ outcome: "lost", value: { code: "DF_OUTCOME_UNKNOWN", attempts: 2 } });
    expect(recalled({ ...blank, ...known }).past?.end).toBeUndefined();
  });

  test("that must not be repeated has the attempts that its author asked for, behind those that have failed by themselves", () => {
    const { attempt, past } = recalled({ ...blank, started: 1, attempts: 1, failure: failed("threw") }, { delivery: "at-most-once" });
    expect([attempt, past?.end]).toEqual([2, undefined]);
  });

  test("has an end, or one attempt more than are used up: never more than its options allow", () => {
    const options = fc.record({ attempts: fc.integer({ min: 1, max: 4 }), delivery: fc.constantFrom("at-least-once", "at-most-once") });
    const known = fc
      .record({ attempts: fc.nat(4), lead: fc.nat(1), end: fc.constantFrom("failed", "charged", "nothing"), isParked: fc.boolean() })
      .map(
        ({ attempts, lead, end, isParked }): TaskFact => ({
          ...{ ...blank, attempts: end === "nothing" ? 0 : attempts + 1, started: attempts + lead, isParked },
          ...(end === "failed" ? { failure: failed("threw") } : end === "charged" ? { charge: chargeOf(attempts + 1) } : {}),
        }),
      );
    fc.assert(
      fc.property(options, known, (given, fact) => {
        const { attempt, past } = recalled(fact, given as Partial<ResolvedTaskOptions>);
        const isInterrupted = fact.charge !== undefined || fact.started > fact.attempts;
        const mayFollow =
          !fact.isParked &&
          !(given.delivery === "at-most-once" && isInterrupted) &&
          (fact.charge === undefined || mayRetryCharged({ ...plainOptions, ...given } as ResolvedTaskOptions, fact.charge)) &&
          (fact.failure === undefined || mayRetry({ ...plainOptions, ...given } as ResolvedTaskOptions, fact.attempts, failureOf("threw")));
        expect(past?.end === undefined).toBe(mayFollow);
        if (mayFollow) expect(attempt).toBe(fact.attempts + 1);
        if (mayFollow) expect(attempt).toBeLessThanOrEqual(given.attempts);
      }),
      { numRuns: 500 },
    );
  });
});
