import { MessageChannel } from "node:worker_threads";
import { afterEach, describe, expect, test } from "vitest";
import { DataFlowerError } from "../../actors/kernel/errors.js";
import { ControlCalls } from "./control-calls.js";

const lost = new DataFlowerError("DF_WORKER_LOST", "Cannot go on as it must live: it ended");

const open: MessageChannel[] = [];
afterEach(() => {
  for (const { port1, port2 } of open.splice(0)) {
    port1.close();
    port2.close();
  }
});

/** Calls to a worker that never answers, as one in an endless loop. */
function callsToNobody(): ControlCalls {
  const channel = new MessageChannel();
  open.push(channel);
  return new ControlCalls(3, channel.port1);
}

const timers = () => process.getActiveResourcesInfo().filter((resource) => resource === "Timeout").length;
const registration = {
  id: 1,
  name: "w",
  source: { kind: "workflow", module: "file:///w.js", handlerNames: [] },
  scheduler: { name: "fifo", module: undefined },
  topology: new SharedArrayBuffer(0),
  whenTaskFails: "stop",
} as const;

describe("ControlCalls of a worker that does not answer", () => {
  test("fail all when the worker is lost, and leave no timer behind", async () => {
    const calls = callsToNobody();
    const before = timers();
    const pending = [calls.register(registration), calls.latency("queue", undefined), calls.stop(10_000)];
    expect(timers()).toBe(before + 3);
    calls.lose(lost);
    expect(timers()).toBe(before);
    for (const call of pending) await expect(call).rejects.toBe(lost);
  });

  test("fail at once when the worker has been lost: the first loss counts", async () => {
    const calls = callsToNobody();
    calls.lose(lost);
    calls.lose(new DataFlowerError("DF_TASK_OOM", "Cannot"));
    await expect(calls.latency("hop", undefined)).rejects.toBe(lost);
    await expect(calls.stop(1)).rejects.toBe(lost);
  });

  test("fail at their deadline", async () => {
    const calls = callsToNobody();
    await expect(calls.stop(5)).rejects.toMatchObject({ code: "DF_CALL_TIMEOUT", message: expect.stringContaining("stop on worker 3") });
    calls.lose(lost);
  });
});
