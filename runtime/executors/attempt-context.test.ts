import { afterEach, describe, expect, test, vi } from "vitest";
import { AttemptContext } from "./attempt-context.js";
import { readyTask } from "./task.fixture.js";

const same = (value: unknown) => value;
const contextOf = (ownId?: string) => new AttemptContext(readyTask(same, ownId));

describe("AttemptContext", () => {
  test("names run, task, attempt and owner", () => {
    const { runId, taskId, attempt, fence, lastHeartbeat } = contextOf();
    expect({ runId, taskId, attempt, fence, lastHeartbeat }).toEqual({
      runId: "run-1",
      taskId: "it",
      attempt: 1,
      fence: 5,
      lastHeartbeat: undefined,
    });
  });

  test("has the same key in every attempt of a task, and another one in another run", () => {
    const task = readyTask(same);
    const first = new AttemptContext(task).idempotencyKey;
    task.attempt = 2;
    expect(new AttemptContext(task).idempotencyKey).toBe(first);
    expect(contextOf("run-2").idempotencyKey).not.toBe(first);
    expect(first).toMatch(/^[0-9a-f]{64}$/);
  });

  test("has one signal, which has not aborted", () => {
    const context = contextOf();
    expect(context.signal).toBe(context.signal);
    expect(context.signal.aborted).toBe(false);
  });

  test("keeps a copy of the newest heartbeat, and refuses what is not data", () => {
    const context = contextOf();
    const details = { done: [1] };
    context.heartbeat(details);
    details.done.push(2);
    expect(context.newestHeartbeat).toEqual({ done: [1] });
    expect(() => context.heartbeat({ later: () => 1 })).toThrow(expect.objectContaining({ code: "DF_UNSERIALIZABLE" }));
    context.progress(3, 10);
    expect(context.newestHeartbeat).toEqual({ done: 3, total: 10 });
    context.progress(4);
    expect(context.newestHeartbeat).toEqual({ done: 4 });
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
