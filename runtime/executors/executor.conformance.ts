import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ActorRef } from "../../actors/kernel/actor.js";
import { ManualClock } from "../../actors/kernel/clock.js";
import { DataFlowerError } from "../../actors/kernel/errors.js";
import { ActorSystem } from "../../actors/kernel/system.js";
import { copyValue } from "../../actors/kernel/value.js";
import { equalValues } from "../../actors/kernel/value-equal.js";
import type { TaskMessage } from "../../actors/messages.js";
import type { Executor } from "../../actors/ports.js";
import type { ReadyTask } from "../../actors/workflow/run.js";
import { dataToError, errorToData } from "../codec/error-codec.js";
import { values } from "../codec/values.arbitrary.js";
import { behave, thrown } from "./behaviours.fixture.js";
import { readyTask } from "./task.fixture.js";

/** An executor whose handlers are those of `behaviours.fixture`. */
export interface OpenExecutor {
  readonly executor: Executor & { taskActor: Pick<ActorRef<TaskMessage>, "tell"> };
  close(): Promise<void>;
}

/** What an executor may be unable to do by its nature. */
export type ExecutorGroup =
  | "attempts that end at once"
  | "attempts that hold their thread"
  | "attempts that end their process"
  | "errors that are the very same";

export interface ExecutorUnderTest {
  readonly name: string;
  open(): OpenExecutor;
  readonly skips?: readonly { readonly group: ExecutorGroup; readonly reason: string }[];
}

export const outputBytesMax = 1 << 20;

/** How an attempt ended, as its run sees it. */
interface End {
  readonly outcome: "returned" | "threw" | "crashed" | "refused";
  readonly value: unknown;
  readonly heartbeat?: unknown;
}

/** An executor with all that its task actor hears. */
class Bench {
  readonly #open: OpenExecutor;
  readonly #system = new ActorSystem({ clock: new ManualClock() });
  readonly #ends = new Map<ReadyTask, End>();
  readonly #begun = new Set<ReadyTask>();
  /** Tasks in the order in which their attempts ended. */
  readonly ended: ReadyTask[] = [];

  constructor({ open }: ExecutorUnderTest) {
    this.#open = open();
    this.#open.executor.taskActor = this.#system.spawn<TaskMessage>("task", () => ({ receive: (message) => this.#hear(message) }));
  }

  get executor(): Executor {
    return this.#open.executor;
  }

  close(): Promise<void> {
    return this.#open.close();
  }

  task(change: (task: ReadyTask) => void = () => {}): ReadyTask {
    const task = readyTask(behave, "run-1", { executor: "process" });
    change(task);
    return task;
  }

  /** Starts an attempt. */
  start(what: string, value?: unknown, task = this.task()): ReadyTask {
    const outcome = this.executor.start(task, { what, value });
    if (outcome === "returned" || outcome === "threw") {
      const heartbeat = this.executor.lastHeartbeat(task)?.details;
      this.#note(task, { outcome, value: this.executor.value, heartbeat });
    } else if (outcome === "pending") this.#begun.add(task);
    return task;
  }

  /** Lets the event loop turn until something is so; the time-out of the test ends what never is. */
  async until(isSo: () => boolean): Promise<void> {
    while (!isSo()) await this.turn();
  }

  async turn(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    this.#system.run(100);
  }

  async end(task: ReadyTask): Promise<End> {
    await this.until(() => this.#ends.has(task));
    return this.#ends.get(task) as End; // it is there by now
  }

  run(what: string, value?: unknown): Promise<End> {
    return this.end(this.start(what, value));
  }

  hasEnded(task: ReadyTask): boolean {
    return this.#ends.has(task);
  }

  hasBegun(task: ReadyTask): boolean {
    return this.#begun.has(task);
  }

  #hear(message: TaskMessage): void {
    if (message.kind === "begun") this.#begun.add(message.task);
    else if (message.kind === "settled") {
      this.#note(message.task, { outcome: message.isOk ? "returned" : "threw", value: message.value, heartbeat: message.heartbeat });
    } else if (message.kind === "broken") {
      this.#note(message.task, { outcome: message.outcome, value: message.error, heartbeat: message.heartbeat });
    }
  }

  /** What a handler gave is put into the memory of its run, which refuses what is no data. */
  #note(task: ReadyTask, end: End): void {
    expect(this.#ends.has(task)).toBe(false); // an attempt ends once
    this.ended.push(task);
    if (end.outcome !== "returned") {
      this.#ends.set(task, end);
      return;
    }
    try {
      this.#ends.set(task, { ...end, value: copyValue(end.value, outputBytesMax) });
    } catch (error) {
      this.#ends.set(task, { outcome: "refused", value: error });
    }
  }
}

/** What was thrown, as it is behind a boundary that it crosses as data: an executor may have one. Stacks name other lines. */
function crossed(value: unknown): unknown {
  return withoutStacks(errorToData(dataToError(errorToData(value))));
}

function withoutStacks(data: unknown): unknown {
  if (Array.isArray(data)) return data.map(withoutStacks).filter((note) => !String(note).startsWith("stack: ")); // how much of one was cut
  if (typeof data !== "object" || data === null || Object.getPrototypeOf(data) !== Object.prototype) return data;
  return Object.fromEntries(Object.entries(data).flatMap(([key, item]) => (key === "stack" ? [] : [[key, withoutStacks(item)]])));
}

export function executorConformance(under: ExecutorUnderTest): void {
  /** Tests of a group; where it is not supported the reason stands among the tests instead. */
  const testOf = (group: ExecutorGroup): ((name: string, run: () => void | Promise<void>) => void) =>
    under.skips?.some((skip) => skip.group === group) === true ? () => {} : test;

  describe(`${under.name} as an Executor`, () => {
    let bench: Bench;
    let folder: string;
    let files = 0;
    const newFile = () => join(folder, `${++files}`);
    beforeAll(() => {
      bench = new Bench(under);
      folder = mkdtempSync(join(tmpdir(), "executor-"));
    });
    afterAll(async () => {
      await bench.close();
      rmSync(folder, { recursive: true });
    });

    const returns: [string, unknown, unknown][] = [
      ["give", 7, 7],
      ["give", undefined, undefined],
      ["give", null, null],
      ["give later", { a: [1] }, { a: [1] }],
      ["promise a promise", 8, 8],
      ["thenable", 9, 9],
      ["settle again and again", 1, 1],
    ];
    test.each(returns)("handlers that %s have returned: %o", async (what, value, expected) => {
      expect(await bench.run(what, value)).toMatchObject({ outcome: "returned" });
      expect((await bench.run(what, value)).value).toEqual(expected);
    });

    test("a then that is no function makes no promise", async () => {
      const { outcome, value } = await bench.run("have a then that is no function", 1);
      expect([outcome, Object.entries(value as object)]).toEqual(["returned", [["then", 1]]]);
    });

    test.each(["reject as a thenable", "throw as a thenable", "have an unreadable then"])("handlers that %s have thrown", async (what) => {
      expect(await bench.run(what, "no")).toMatchObject({ outcome: "threw", value: "no" });
    });

    test.each(Object.keys(thrown))("whatever is thrown or rejected is kept as data: %s", async (name) => {
      for (const what of ["throw", "reject with"]) {
        const { outcome, value } = await bench.run(what, name);
        expect(outcome).toBe("threw");
        expect(crossed(value)).toEqual(crossed(thrown[name]?.()));
      }
    });

    test("an error keeps where it was thrown", async () => {
      const { value } = await bench.run("throw", "caused");
      expect((value as Error).stack).toContain("behaviours.fixture");
      expect(((value as Error).cause as Error).stack).toContain("behaviours.fixture");
    });

    test("values of the whole domain go in and come out as they would on one thread", async () => {
      const property = fc.asyncProperty(values, async (value) => {
        const { outcome, value: output } = await bench.run("give", value);
        expect(outcome).toBe("returned");
        expect(equalValues(output, copyValue(value))).toBe(true);
      });
      await fc.assert(property, { numRuns: 150 });
    });

    test.each(["symbol", "class", "url"])("an output that is no data is refused: %s", async (value) => {
      const { outcome, value: error } = await bench.run("give no data", value);
      expect(outcome).toBe("refused");
      expect(error).toMatchObject({ code: "DF_UNSERIALIZABLE", message: expect.stringContaining("$.deep[0]") });
    });

    test("an output may be as large as the limit says, and no larger", async () => {
      const { outcome, value } = await bench.run("give bytes", outputBytesMax - 100);
      expect([outcome, (value as Uint8Array).length, (value as Uint8Array).at(-1)]).toEqual(["returned", outputBytesMax - 100, 7]);
      expect(await bench.run("give bytes", outputBytesMax + 1)).toMatchObject({
        outcome: "refused",
        value: { code: "DF_RESULT_TOO_LARGE" },
      });
    });

    test("attempts are heard of in the order in which they settle", async () => {
      const files = [newFile(), newFile(), newFile()];
      const tasks = files.map((file) => bench.start("wait for", file));
      for (const index of [2, 0, 1]) {
        writeFileSync(files[index] as string, "");
        expect(await bench.end(tasks[index] as ReadyTask)).toMatchObject({ outcome: "returned", value: files[index] });
      }
      expect(bench.ended.slice(-3)).toEqual([2, 0, 1].map((index) => tasks[index]));
    });

    test("a handler is told what it has to know of its attempt", async () => {
      const task = bench.task((own) => {
        own.attempt = 3;
        own.past = { heartbeat: { at: new Map([[1, 2n]]) }, end: undefined, dueAt: 0 };
      });
      expect((await bench.end(bench.start("tell", undefined, task))).value).toEqual({
        runId: "run-1",
        taskId: "it",
        attempt: 3,
        fence: 2,
        idempotencyKey: expect.stringMatching(/^[0-9a-f]{64}$/),
        lastHeartbeat: { at: new Map([[1, 2n]]) },
        isAborted: false,
      });
    });

    test("heartbeats are seen while an attempt is pending, the newest one", async () => {
      const task = bench.start("beat", [1, { at: new Date(0) }]);
      await bench.until(() => (bench.executor.lastHeartbeat(task)?.details as { at?: unknown })?.at !== undefined);
      expect(bench.executor.lastHeartbeat(task)?.details).toEqual({ at: new Date(0) });
      expect(bench.executor.lastHeartbeat(bench.task())).toBeUndefined();
      bench.executor.abort(task, new DataFlowerError("DF_CANCELLED", "over"));
    });

    test("a failure comes with the newest heartbeat, however soon it came behind the one before", async () => {
      const list = Array.from({ length: 100 }, (_, index) => index);
      expect(await bench.run("beat and throw", list)).toMatchObject({ outcome: "threw", heartbeat: 99 });
    });

    test("details that are no data are refused where they are given", async () => {
      const { outcome, value } = await bench.run("beat with no data");
      expect([outcome, value]).toEqual(["threw", expect.objectContaining({ code: "DF_UNSERIALIZABLE" })]);
      expect(value).toBeInstanceOf(DataFlowerError);
    });

    test("an attempt that is given up hears of it by its signal, and is not heard of any more", async () => {
      const file = newFile();
      const lines = () => (existsSync(file) ? readFileSync(file, "utf8").split("\n") : []);
      const task = bench.start("hear of the end", file);
      await bench.until(() => lines().includes("listening"));
      bench.executor.abort(task, new DataFlowerError("DF_TASK_TIMEOUT", "too late"));
      await bench.until(() => lines().includes("DF_TASK_TIMEOUT"));
      expect(await bench.run("give", 1)).toMatchObject({ outcome: "returned", value: 1 });
      expect(bench.hasEnded(task)).toBe(false);
    });

    test("an attempt that is given up at once, or again, or has ended, harms nobody", async () => {
      const reason = new DataFlowerError("DF_CANCELLED", "over");
      const early = bench.start("never settle");
      bench.executor.abort(early, reason);
      bench.executor.abort(early, reason);
      const late = bench.start("give later", 1);
      await bench.end(late);
      bench.executor.abort(late, reason);
      expect(await bench.run("give", 2)).toMatchObject({ outcome: "returned", value: 2 });
      expect(bench.hasEnded(early)).toBe(false);
    });

    testOf("attempts that end at once")("a synchronous attempt has ended when it has been started", () => {
      expect(bench.hasEnded(bench.start("give", 1))).toBe(true);
      expect(bench.hasEnded(bench.start("throw", "text"))).toBe(true);
    });

    testOf("errors that are the very same")("what was thrown is the very same object", async () => {
      const error = new RangeError("no");
      expect((await bench.run("throw as a thenable", error)).value).toBe(error);
    });

    testOf("attempts that hold their thread")("an attempt that holds its thread holds up nobody else", async () => {
      const file = newFile();
      const holding = bench.start("hold its thread until", file);
      await bench.until(() => bench.hasBegun(holding));
      expect(await bench.run("give", 1)).toMatchObject({ value: 1 });
      expect(bench.hasEnded(holding)).toBe(false);
      writeFileSync(file, "");
      expect(await bench.end(holding)).toMatchObject({ outcome: "returned", value: file });
    });

    testOf("attempts that end their process")("an attempt that ends its process has crashed, and others go on", async () => {
      const file = newFile();
      const bystander = bench.start("wait for", file);
      expect(await bench.run("exit", 0)).toMatchObject({ outcome: "crashed", value: { code: "DF_WORKER_LOST" } });
      writeFileSync(file, "");
      expect(await bench.end(bystander)).toMatchObject({ outcome: "returned" });
    });

    for (const { group, reason } of under.skips ?? []) test(`does not support ${group}: ${reason}`, () => expect(reason).not.toBe(""));
  });
}
