import { describe, expect, test } from "vitest";
import { ManualClock } from "../../actors/kernel/clock.js";
import { ActorSystem } from "../../actors/kernel/system.js";
import type { TaskMessage } from "../../actors/messages.js";
import { AttemptContext } from "./attempt-context.js";
import { HandlerExecutor } from "./handler-executor.js";
import { readyTask } from "./task.fixture.js";

/** An executor, and what its task actor hears. */
function executor() {
  const system = new ActorSystem({ clock: new ManualClock() });
  const heard: unknown[] = [];
  const own = new HandlerExecutor();
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
