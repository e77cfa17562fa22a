import { afterEach, describe, expect, test, vi } from "vitest";
import { DataFlowerError } from "../../actors/kernel/errors.js";
import { AttemptContext } from "./attempt-context.js";
import { readyTask } from "./task.fixture.js";

const same = (value: unknown) => value;

/** A context, and what its worker sees of its heartbeats. */
function open(task = readyTask(same)) {
  const world = { nowMs: 100, beats: 0 };
  const context = new AttemptContext(task, { nowMs: () => world.nowMs, beat: () => void world.beats++ });
  return { context, world };
}
const contextOf = (ownId?: string) => open(readyTask(same, ownId)).context;

describe("AttemptContext", () => {
  test("names run, task, attempt and owner", () => {
    const { runId, taskId, attempt, fence, lastHeartbeat } = contextOf();
    expect({ runId, taskId, attempt, fence, lastHeartbeat }).toEqual({
      runId: "run-1",
      taskId: "it",
      attempt: 1,
      fence: 2,
      lastHeartbeat: undefined,
    });
  });

  test("has the same key in every attempt of a task, and another one in another run", () => {
    const task = readyTask(same);
    const first = open(task).context.idempotencyKey;
    task.attempt = 2;
    expect(open(task).context.idempotencyKey).toBe(first);
    expect(contextOf("run-2").idempotencyKey).not.toBe(first);
    expect(first).toMatch(/^[0-9a-f]{64}$/);
  });

  test("has one signal, which has not aborted", () => {
    const context = contextOf();
    expect(context.signal).toBe(context.signal);
    expect(context.signal.aborted).toBe(false);
  });

  test.each([true, false])("aborts its signal with the reason, whether it was read before or not: %s", (isReadBefore) => {
    const { context } = open();
    const heard: unknown[] = [];
    if (isReadBefore) context.signal.addEventListener("abort", () => heard.push(context.signal.reason));
    const reason = new DataFlowerError("DF_TASK_TIMEOUT", "too late");
    context.abort(reason);
    expect(context.signal.aborted).toBe(true);
    expect(context.signal.reason).toBe(reason);
    expect(heard).toEqual(isReadBefore ? [reason] : []);
  });

  test("keeps a copy of the newest heartbeat with its time, shows each to the control thread, and refuses what is not data", () => {
    const { context, world } = open();
    expect(context.newestHeartbeat).toBeUndefined();
    const details = { done: [1] };
    context.heartbeat(details);
    details.done.push(2);
    expect(context.newestHeartbeat).toEqual({ details: { done: [1] }, at: 100 });
    world.nowMs = 200;
    expect(() => context.heartbeat({ later: () => 1 })).toThrow(expect.objectContaining({ code: "DF_UNSERIALIZABLE" }));
    expect(context.newestHeartbeat?.at).toBe(100);
    context.progress(3, 10);
    expect(context.newestHeartbeat).toEqual({ details: { done: 3, total: 10 }, at: 200 });
    context.progress(4);
    expect(context.newestHeartbeat).toEqual({ details: { done: 4 }, at: 200 });
    context.heartbeat();
    expect(context.newestHeartbeat).toEqual({ details: undefined, at: 200 });
    expect(world.beats).toBe(4);
  });

  test("hears no heartbeat of an attempt that was given up", () => {
    const { context, world } = open();
    context.heartbeat(1);
    context.abort(new DataFlowerError("DF_TASK_TIMEOUT", "too late"));
    context.heartbeat(2);
    expect(context.newestHeartbeat).toEqual({ details: 1, at: 100 });
    expect(world.beats).toBe(1);
  });

  test("hands on what an earlier attempt left, a copy each time", () => {
    const task = readyTask(same);
    task.past = { heartbeat: { done: [1] }, end: undefined, dueAt: 0 };
    const { context } = open(task);
    (context.lastHeartbeat as { done: number[] }).done.push(2);
    expect(context.lastHeartbeat).toEqual({ done: [1] });
  });
});

describe("AttemptContext.log", () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  test("writes a line of JSON a message on stderr", () => {
    const lines: string[] = [];
    vi.spyOn(process.stderr, "write").mockImplementation((line) => lines.push(String(line)) > 0);
    const { log } = contextOf();
    for (const level of ["debug", "info", "warn", "error"] as const) log[level](`as ${level}`, { n: 1 });
    log.info("bare");
    const facts = { runId: "run-1", taskId: "it", attempt: 1 };
    expect(lines.every((line) => line.endsWith("\n"))).toBe(true);
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      ...["debug", "info", "warn", "error"].map((level) => ({ level, ...facts, message: `as ${level}`, n: 1 })),
      { level: "info", ...facts, message: "bare" },
    ]);
  });

  test("never throws, whatever the fields are", () => {
    const lines: string[] = [];
    vi.spyOn(process.stderr, "write").mockImplementation((line) => lines.push(String(line)) > 0);
    const cycle: Record<string, unknown> = {};
    cycle.self = cycle;
    contextOf().log.info("odd", { big: 1n, cycle });
    expect(JSON.parse(lines[0] as string)).toMatchObject({ message: "odd", fields: expect.stringContaining("1n") });
  });
});
