import { describe, expect, test } from "vitest";
import { ManualClock } from "../../actors/kernel/clock.js";
import { DataFlowerError } from "../../actors/kernel/errors.js";
import { ActorSystem } from "../../actors/kernel/system.js";
import type { TaskMessage } from "../../actors/messages.js";
import type { TaskContext } from "../authoring/task-context.js";
import { AttemptContext } from "./attempt-context.js";
import { HandlerExecutor } from "./handler-executor.js";
import { readyTask } from "./task.fixture.js";

/** An executor, and what its task actor hears. */
function executor() {
  const system = new ActorSystem({ clock: new ManualClock() });
  const heard: unknown[] = [];
  const own = new HandlerExecutor({ nowMs: () => 7, beat() {} });
  own.taskActor = system.spawn<TaskMessage>("task", () => ({
    receive: (message) => void heard.push("isOk" in message ? [message.isOk, message.value] : message),
  }));
  const settled = async () => {
    await new Promise((resolve) => setImmediate(resolve));
    system.run(100);
    return heard;
  };
  return { own, settled };
}

const error = new RangeError("no");
/** What a handler returns may have a `then` of any kind. */
// biome-ignore lint/suspicious/noThenProperty: it is what the executor must cope with
const withThen = (then: PropertyDescriptor) => Object.defineProperty({}, "then", then);
const thenable = (then: (resolve: (value: unknown) => void, reject: (reason: unknown) => void) => void) => withThen({ value: then });

describe("HandlerExecutor", () => {
  test("hands the handler its input and its context", () => {
    const given: unknown[] = [];
    const { own } = executor();
    own.start(
      readyTask((...all: unknown[]) => void given.push(...all)),
      { a: 1 },
    );
    expect(given).toEqual([{ a: 1 }, expect.any(AttemptContext)]);
  });

  test.each<[string, () => unknown, "returned" | "threw", unknown]>([
    ["a value", () => 7, "returned", 7],
    ["nothing", () => undefined, "returned", undefined],
    ["null", () => null, "returned", null],
    ["an object with a `then` that is no function", () => withThen({ value: 1 }), "returned", {}],
    [
      "an error",
      () => {
        throw error;
      },
      "threw",
      error,
    ],
    [
      "undefined, thrown",
      () => {
        throw undefined;
      },
      "threw",
      undefined,
    ],
    [
      "an object whose `then` cannot be read",
      () =>
        withThen({
          get() {
            throw error;
          },
        }),
      "threw",
      error,
    ],
  ])("is done at once with %s", async (_, handler, outcome, value) => {
    const { own, settled } = executor();
    expect(own.start(readyTask(handler), 1)).toBe(outcome);
    expect(own.value).toEqual(value);
    expect(await settled()).toEqual([]);
  });

  test.each<[string, () => unknown, unknown]>([
    ["a promise that is kept", async () => 7, [true, 7]],
    ["a promise that is broken", () => Promise.reject(error), [false, error]],
    ["a promise that is broken with nothing", () => Promise.reject(), [false, undefined]],
    ["a promise of a promise", () => new Promise((resolve) => resolve(Promise.resolve(8))), [true, 8]],
    ["a thenable", () => thenable((resolve) => resolve(9)), [true, 9]],
    ["a thenable that rejects", () => thenable((_, reject) => reject(error)), [false, error]],
    [
      "a thenable that settles again and again",
      () =>
        thenable((resolve, reject) => {
          resolve(1);
          resolve(2);
          reject(error);
        }),
      [true, 1],
    ],
    [
      "a thenable that throws",
      () =>
        thenable(() => {
          throw error;
        }),
      [false, error],
    ],
  ])("hears once how %s ends", async (_, handler, message) => {
    const { own, settled } = executor();
    expect(own.start(readyTask(handler), 1)).toBe("pending");
    expect(await settled()).toEqual([message]);
  });
});

describe("HandlerExecutor: a pending attempt", () => {
  const reason = new DataFlowerError("DF_TASK_TIMEOUT", "too late");

  /** An attempt that heartbeats, and hands out its context and the means to end it. */
  function pending() {
    const { own, settled } = executor();
    const held: { context?: TaskContext; resolve?: (value: unknown) => void; reject?: (error: unknown) => void } = {};
    const task = readyTask((_: unknown, context) => {
      held.context = context;
      context.heartbeat("begun");
      return new Promise((resolve, reject) => Object.assign(held, { resolve, reject }));
    });
    expect(own.start(task, 1)).toBe("pending");
    return { own, settled, task, held };
  }

  test.each(["resolve", "reject"] as const)("that is given up has its signal aborted, and is not heard any more: %s", async (how) => {
    const { own, settled, task, held } = pending();
    own.abort(task, reason);
    expect(held.context?.signal.reason).toBe(reason);
    expect(own.unsettledCount).toBe(1);
    expect(await settled()).toEqual([]);
    held[how]?.(error);
    expect(await settled()).toEqual([]);
    expect(own.unsettledCount).toBe(0);
  });

  test("that has settled is left alone by an abort that comes too late", async () => {
    const { own, settled, task, held } = pending();
    held.resolve?.(1);
    expect(await settled()).toEqual([[true, 1]]);
    own.abort(task, reason);
    expect(held.context?.signal.aborted).toBe(false);
    expect(own.unsettledCount).toBe(0);
  });

  test("shows its newest heartbeat, as the newest start does; others have none", async () => {
    const { own, settled, task, held } = pending();
    const quiet = readyTask(() => 1);
    own.start(quiet, 1);
    expect(own.lastHeartbeat(quiet)).toBeUndefined();
    expect(own.lastHeartbeat(task)).toEqual({ details: "begun", at: 7 });
    held.context?.heartbeat("on its way");
    expect(own.lastHeartbeat(task)?.details).toBe("on its way");
    const loud = readyTask((_: unknown, context) => context.heartbeat("loud"));
    own.start(loud, 1);
    expect(own.lastHeartbeat(loud)?.details).toBe("loud");
    held.reject?.(error);
    await settled();
    expect(own.lastHeartbeat(task)).toBeUndefined();
  });

  test("hands its last heartbeat on when it settles", async () => {
    const { own, held } = pending();
    const told: unknown[] = [];
    own.taskActor = { name: "task", tell: (message) => told.push(message) > 0, stop() {} };
    held.reject?.(error);
    await new Promise((resolve) => setImmediate(resolve));
    expect(told).toEqual([expect.objectContaining({ kind: "settled", isOk: false, value: error, heartbeat: "begun" })]);
  });

  test("a promise that throws when it is listened to is over at once", async () => {
    const { own, settled } = executor();
    const promise = Object.assign(Promise.resolve(1), {
      // biome-ignore lint/suspicious/noThenProperty: it is what the executor must cope with
      then() {
        throw error;
      },
    });
    const task = readyTask(() => promise);
    expect(own.start(task, 1)).toBe("threw");
    own.abort(task, reason);
    expect(own.unsettledCount).toBe(0);
    expect(await settled()).toEqual([]);
  });
});

test("HandlerExecutor names its newest task and those that wait, newest first, eight at most", () => {
  const { own } = executor();
  expect(own.recentTasks()).toEqual([]);
  const start = (run: number, handler: () => unknown) => own.start(readyTask(handler, `run-${run}`), 1);
  for (let run = 1; run <= 11; run++) start(run, () => new Promise(() => {}));
  start(12, () => 1);
  start(13, () => 1);
  expect(own.recentTasks()).toEqual([13, 11, 10, 9, 8, 7, 6, 5].map((run) => `run-${run} it`));
});
