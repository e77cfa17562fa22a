import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { DataFlowerError } from "../../../actors/kernel/errors.js";
import type { TaskMessage } from "../../../actors/messages.js";
import type { ReadyTask } from "../../../actors/workflow/run.js";
import { isAlive, untilGone } from "../../engine/fixtures/alive.fixture.js";
import { builtUrl } from "../../engine/fixtures/built.fixture.js";
import { until } from "../../engine/fixtures/usage.fixture.js";
import { behave } from "../behaviours.fixture.js";
import { readyTask } from "../task.fixture.js";
import { ProcessExecutor, type ProcessLimits } from "./process-executor.js";

const mebibyte = 1024 * 1024;

/** An executor, and what its task actor hears. Tasks that ask for other amounts of memory are of other kinds. */
class Bench {
  readonly heard: TaskMessage[] = [];
  readonly coldStarts: number[] = [];
  readonly own: ProcessExecutor;

  constructor(limits: Partial<ProcessLimits> = {}, program = builtUrl("runtime/executors/process/child-main")) {
    const { heard } = this;
    this.own = new ProcessExecutor({
      worker: 0,
      program: new URL(program),
      limits: {
        processesMax: 2,
        idleMs: 60_000,
        graceMs: 50,
        outputBytesMax: mebibyte,
        memoryBytesMax: 256 * mebibyte,
        failedStartsMax: 2,
        ...limits,
      },
      beat() {},
      onColdStart: (ms) => void this.coldStarts.push(ms),
    });
    this.own.taskActor = { tell: (message) => heard.push(message) > 0 };
    const module = builtUrl("runtime/executors/behaviours.fixture");
    this.own.register(0, { workflow: "simulated", source: { kind: "exports", handlers: [{ module, name: "behave" }] } });
  }

  start(what: string, value?: unknown, memory = 100 * mebibyte): ReadyTask {
    const task = readyTask(behave, "run-1", { executor: "process", memory });
    expect(this.own.start(task, { what, value })).toBe("queued");
    return task;
  }

  /** What is heard of a task, by its kinds. */
  kinds(task: ReadyTask): string[] {
    return this.heard.filter((message) => "task" in message && message.task === task).map(({ kind }) => kind);
  }

  hasBegun = (task: ReadyTask): boolean => this.kinds(task).includes("begun");
  hasEnded = (task: ReadyTask): boolean => this.kinds(task).some((kind) => kind === "settled" || kind === "broken");
  ended = (task: ReadyTask): Promise<void> => until(() => this.hasEnded(task));
}

const cancelled = new DataFlowerError("DF_CANCELLED", "over");

describe("ProcessExecutor", () => {
  let bench: Bench;
  beforeEach(() => {
    bench = new Bench();
  });
  afterEach(async () => {
    const { pids } = bench.own;
    await bench.own.close();
    expect(pids.filter(isAlive)).toEqual([]);
  });

  test("makes no process before one is needed, then as many as attempts wait, and no more than it may", async () => {
    expect(bench.own.pids).toEqual([]);
    const tasks = Array.from({ length: 5 }, (_, index) => bench.start("give", index));
    expect(bench.own.pids).toHaveLength(2);
    for (const task of tasks) await bench.ended(task);
    expect(bench.own.pids).toHaveLength(2);
    expect(bench.coldStarts.length).toBeLessThanOrEqual(2);
  });

  test("tells once that an attempt begins, and once how it ends", async () => {
    const task = bench.start("give", 1);
    await bench.ended(task);
    expect(bench.kinds(task)).toEqual(["begun", "settled"]);
  });

  test("takes an attempt that waits back without any process knowing of it", async () => {
    const blocking = [bench.start("never settle"), bench.start("never settle")];
    for (const task of blocking) await until(() => bench.hasBegun(task));
    const waiting = bench.start("give", 1);
    bench.own.abort(waiting, cancelled);
    for (const task of blocking) bench.own.abort(task, cancelled);
    const next = bench.start("give", 2);
    await bench.ended(next);
    expect(bench.kinds(waiting)).toEqual([]);
  });

  test("kills what does not heed its signal in time, and counts it until then", async () => {
    const task = bench.start("never settle");
    await until(() => bench.hasBegun(task));
    const [pid] = bench.own.pids;
    bench.own.abort(task, cancelled);
    expect(bench.own.unsettledCount).toBe(1);
    await untilGone([pid as number]);
    await until(() => bench.own.unsettledCount === 0);
    expect(bench.kinds(task)).toEqual(["begun"]);
  });

  test("gives a place to a kind that has waited for long, though another one keeps all busy", async () => {
    let isOver = false;
    const keepBusy = async () => {
      while (!isOver) await bench.ended(bench.start("wait", 20));
    };
    const busy = [keepBusy(), keepBusy(), keepBusy(), keepBusy()];
    await until(() => bench.coldStarts.length === 2);
    const other = bench.start("give", 1, 120 * mebibyte);
    await bench.ended(other);
    isOver = true;
    await Promise.all(busy);
    expect(bench.kinds(other)).toEqual(["begun", "settled"]);
  });

  test("says what is wrong when no process can be made", async () => {
    await bench.own.close();
    bench = new Bench({}, builtUrl("runtime/executors/process/there-is-none"));
    const task = bench.start("give", 1);
    await bench.ended(task);
    expect(bench.heard).toEqual([
      expect.objectContaining({
        kind: "broken",
        outcome: "crashed",
        error: expect.objectContaining({ code: "DF_WORKER_LOST", message: expect.stringContaining("ended with exit code 1") }),
      }),
    ]);
  });

  test("stops trying for a while when too many do not start, and fails what waits at once", async () => {
    await bench.own.close();
    bench = new Bench({ processesMax: 1 }, builtUrl("runtime/executors/process/there-is-none"));
    const tasks = Array.from({ length: 10 }, () => bench.start("give", 1));
    for (const task of tasks) await bench.ended(task);
    expect(bench.own.pids).toEqual([]);
    const late = bench.start("give", 1);
    expect(bench.kinds(late)).toEqual(["broken"]);
    expect(bench.heard.at(-1)).toMatchObject({ error: { message: expect.stringContaining("its processes must start") } });
    expect(bench.heard.filter((message) => message.kind === "broken" && message.error.message.includes("exit code"))).toHaveLength(3);
  });

  test("ends all processes when it is closed, also those that have only just been made", async () => {
    bench.start("never settle");
    bench.start("give", 1);
    const { pids } = bench.own;
    await bench.own.close();
    expect(pids.filter(isAlive)).toEqual([]);
    expect(bench.own.pids).toEqual([]);
  });
});
