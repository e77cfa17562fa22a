import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { nowMs } from "../../observe/system-clock.js";
import type { TaskContext } from "../task-context.js";
import { none, spin, timer } from "./bodies.js";
import { digestOf } from "./task-hash.js";

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
/** Timers that keep this process alive. */
const timersCount = () => process.getActiveResourcesInfo().filter((resource) => resource === "Timeout").length;
const context = (signal = new AbortController().signal) => ({ signal }) as TaskContext; // a body looks at nothing else

describe("bodies of replayed tasks", () => {
  const input = { id: "t", parents: ["ff", "0a", "ee"], ms: 0 };
  const expected = sha256("t\n0a\nee\nff");

  test("pass on the hash of their id and of what their parents passed on, sorted", async () => {
    expect([none(input), spin(input), await timer(input, context())]).toEqual([expected, expected, expected]);
    expect(none({ id: "t", parents: [], ms: 0 })).toBe(sha256("t\n"));
  });

  test("digestOf() sorts what the leaves passed on", () => {
    expect(digestOf(["b", "a"])).toBe(sha256("a\nb"));
  });

  test("spin takes its time on its thread", () => {
    const startMs = nowMs();
    spin({ ...input, ms: 3 });
    expect(nowMs() - startMs >= 3).toBe(true);
  });

  test("timer lets others go on until its time has come", async () => {
    const ended: string[] = [];
    const late = timer({ ...input, ms: 40 }, context()).then(() => ended.push("late"));
    const soon = timer({ ...input, ms: 1 }, context()).then(() => ended.push("soon"));
    await Promise.all([late, soon]);
    expect(ended).toEqual(["soon", "late"]);
  });

  test("timer waits longer than a timer of the language can", async () => {
    const controller = new AbortController();
    const waiting = timer({ ...input, ms: 2 ** 31 + 5 }, context(controller.signal));
    const first = await Promise.race([waiting, timer({ ...input, id: "short", ms: 20 }, context())]);
    expect(first).toBe(sha256("short\n0a\nee\nff"));
    controller.abort(new Error("given up"));
    await expect(waiting).rejects.toThrow("given up");
  });

  test("timer ends with the reason when it is given up, before or while it waits", async () => {
    const timers = timersCount();
    await expect(timer({ ...input, ms: 60_000 }, context(AbortSignal.abort(new Error("before"))))).rejects.toThrow("before");
    const controller = new AbortController();
    const waiting = timer({ ...input, ms: 60_000 }, context(controller.signal));
    controller.abort(new Error("while"));
    await expect(waiting).rejects.toThrow("while");
    expect(timersCount()).toBe(timers);
  });
});
