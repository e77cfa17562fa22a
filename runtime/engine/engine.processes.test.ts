import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DataFlower, type Engine, type EngineOptions } from "dataflower";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { isAlive, pidsIn, untilGone, untilNoticed } from "./fixtures/alive.fixture.js";
import { built, builtUrl } from "./fixtures/built.fixture.js";
import type * as Falls from "./fixtures/falls-in-child.fixture.js";
import type * as Losses from "./fixtures/losses.fixture.js";
import { failure, outcome } from "./fixtures/outcome.fixture.js";
import type * as Processes from "./fixtures/processes.fixture.js";
import { runProgram } from "./fixtures/program.fixture.js";
import { Runtimes } from "./fixtures/spawn-runtime.fixture.js";
import { until, untilIdle } from "./fixtures/usage.fixture.js";

const processes = await built<typeof Processes>("processes");
const { places, bystander, crowd, breaks, breaksThrice, breaksAtOnce, breaksSoon, breaksOnce, listens, tells, beats } = processes;
const { falls } = await built<typeof Falls>("falls-in-child");
const { loops } = await built<typeof Losses>("losses");

let folder: string;
let files = 0;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "processes-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A file for tasks to tell something in. */
const newFile = () => join(folder, `told-${++files}`);

/** An engine whose children are all gone when it has been closed. */
async function withEngine(options: EngineOptions, act: (engine: Engine, file: string) => Promise<void>): Promise<void> {
  const file = newFile();
  const workflows = [places, bystander, crowd, breaks, breaksThrice, breaksSoon, breaksOnce, listens, tells, beats];
  const engine = await DataFlower.start({ store: "memory:", workers: 1, workflows, ...options });
  try {
    await act(engine, file);
    await untilIdle(engine);
  } finally {
    await engine.close();
  }
  expect(pidsIn(file).filter(isAlive)).toEqual([]);
}

/** A run on threads that goes on while others break their processes. */
async function beside(engine: Engine, act: () => Promise<void>): Promise<void> {
  let isOver = false;
  const runs = (async () => {
    let count = 0;
    for (; !isOver; count++) expect(await engine.run(bystander, count)).toEqual({ pid: process.pid, input: count });
    return count;
  })();
  await act();
  isOver = true;
  expect(await runs).toBeGreaterThan(0);
}

describe.each([0, 2])("with %d workers", (workers) => {
  test("a task is executed in a process of its own, which is used again, and whose start is measured", async () => {
    const pids = new Set<number>();
    await withEngine({ workers }, async (engine) => {
      const input = { bytes: new Uint8Array([1, 2]), at: new Date(0), map: new Map([["a", 1n]]) };
      const { pid, input: seen } = await engine.run(places, input);
      expect(pid).not.toBe(process.pid);
      expect(isAlive(pid)).toBe(true);
      expect(seen).toEqual(input);
      pids.add(pid);
      for (let run = 0; run < 20; run++) pids.add((await engine.run(places, run)).pid);
      expect(pids.size).toBeLessThanOrEqual(Math.max(1, workers));
      const { count, max } = await engine.latency("cold-start");
      expect(count).toBe(pids.size);
      expect(max).toBeGreaterThan(0);
    });
    expect([...pids].filter(isAlive)).toEqual([]);
  });

  test.each<[Processes.Breakage, string, number]>([
    ["exit", "DF_WORKER_LOST", 2],
    ["kill", "DF_WORKER_LOST", 2],
    ["fill-heap", "DF_TASK_OOM", 2],
    ["take-memory", "DF_TASK_OOM", 2],
    ["garbage", "DF_FRAME_CORRUPT", 2],
    ["long-frame", "DF_FRAME_CORRUPT", 2],
    ["flood-pipe", "DF_FRAME_CORRUPT", 2],
    ["uncalled-answer", "DF_FRAME_CORRUPT", 2],
    ["no-answer", "DF_FRAME_CORRUPT", 2],
    ["throw", "DF_TASK_FAILED", 2],
    ["function", "DF_UNSERIALIZABLE", 1],
  ])("one that breaks by %s fails as %s, and nobody else is harmed", async (what, code, attempts) => {
    await withEngine({ workers }, async (engine, file) => {
      await beside(engine, async () => {
        expect(await failure(() => engine.run(breaks, { what, file }))).toEqual({ code, task: "breakIt", attempts });
        expect(pidsIn(file)).toHaveLength(attempts);
        expect(await engine.run(breaks, { what, file, livesFrom: 2 }).catch(({ code }) => code)).toEqual(attempts === 1 ? code : 2);
      });
    });
  });
});

test("one that sends half a frame and no more is found", async () => {
  await withEngine({}, async (engine, file) => {
    const expected = { code: "DF_FRAME_CORRUPT", task: "breakIt", attempts: 1 };
    expect(await failure(() => engine.run(breaksAtOnce, { what: "half-frame", file }))).toEqual(expected);
  });
});

test("an error keeps what it was", async () => {
  await withEngine({}, async (engine, file) => {
    const ended = await outcome(() => engine.run(breaks, { what: "throw", file }));
    const { cause } = (ended as { error: Error }).error;
    expect(cause).toBeInstanceOf(RangeError);
    expect(cause).toMatchObject({ message: "no", code: "E_NO", stack: expect.stringContaining("processes.fixture") });
    expect((cause as Error).cause).toBeInstanceOf(TypeError);
  });
});

test("one that takes too much memory has two attempts, one that ends its process as many as its author says", async () => {
  await withEngine({}, async (engine, file) => {
    expect(await failure(() => engine.run(breaksThrice, { what: "take-memory", file }))).toMatchObject({
      code: "DF_TASK_OOM",
      attempts: 2,
    });
    expect(await failure(() => engine.run(breaksThrice, { what: "exit", file }))).toMatchObject({ code: "DF_WORKER_LOST", attempts: 4 });
  });
});

test("without memory of its own a task has what the engine's limit says", async () => {
  await withEngine({ limits: { processMemoryMax: "100MiB" } }, async (engine, file) => {
    const { error } = (await outcome(() => engine.run(breaksSoon, { what: "take-memory", file }))) as { error: Error };
    expect(error).toMatchObject({ code: "DF_TASK_OOM", message: expect.stringContaining("no more than 100 MiB") });
  });
});

test("one that loops is killed when its time is over; the run of another goes on", async () => {
  await withEngine({ limits: { cancelGrace: 50 } }, async (engine, file) => {
    await beside(engine, async () => {
      expect(await failure(() => engine.run(breaksSoon, { what: "loop", file }))).toMatchObject({ code: "DF_TASK_TIMEOUT", attempts: 2 });
      await untilGone(pidsIn(file));
    });
  });
});

test("a process that is killed from outside costs its attempt", async () => {
  await withEngine({}, async (engine, file) => {
    const run = await engine.submit(crowd, { file, ms: 300, list: [1] });
    await until(() => pidsIn(file).length === 1);
    process.kill(pidsIn(file)[0] as number, "SIGKILL");
    const [place] = await run.result();
    expect(place?.pid).not.toBe(pidsIn(file)[0]);
    expect(pidsIn(file)).toHaveLength(2);
  });
});

test("an idle process that is killed from outside costs nothing", async () => {
  await withEngine({}, async (engine) => {
    const { pid } = await engine.run(places, 1);
    process.kill(pid, "SIGKILL");
    await untilNoticed(pid);
    expect((await engine.run(places, 2)).pid).not.toBe(pid);
  });
});

describe("a module that cannot be loaded in a child process", () => {
  /** What the module does there, and where it tells of it. */
  async function falling(how: string, act: (engine: Engine, file: string) => Promise<void>, limits: EngineOptions["limits"] = {}) {
    const file = newFile();
    Object.assign(process.env, { DF_TEST_FALLS: how, DF_TEST_FALLS_IN: file });
    try {
      const engine = await DataFlower.start({ store: "memory:", workers: 1, workflows: [falls], limits });
      try {
        await act(engine, file);
      } finally {
        await engine.close();
      }
    } finally {
      delete process.env.DF_TEST_FALLS;
      delete process.env.DF_TEST_FALLS_IN;
    }
    expect(pidsIn(file).filter(isAlive)).toEqual([]);
  }

  test.each([
    ["exit", "DF_WORKER_LOST"],
    ["throw", "DF_MODULE_FAILED"],
    ["start", "DF_STARTED_IN_WORKER"],
  ])("fails its task: %s", async (how, code) => {
    await falling(how, async (engine, file) => {
      expect(await failure(() => engine.run(falls, [1]))).toEqual({ code, task: "fall[0]", attempts: 2 });
      expect(pidsIn(file)).toHaveLength(2);
    });
  });

  test("is not tried for ever: after limits.restartsMax ends no process is made for a while", async () => {
    const many = Array.from({ length: 40 }, (_, index) => index);
    await falling(
      "exit",
      async (engine, file) => {
        for (let run = 0; run < 3; run++) expect(await failure(() => engine.run(falls, many))).toMatchObject({ code: "DF_WORKER_LOST" });
        expect(pidsIn(file).length).toBeLessThanOrEqual(3 + 4); // so many may have begun beside each other
      },
      { restartsMax: 3 },
    );
  });
});

test("cancelling aborts the signal first, then kills what does not heed it", async () => {
  await withEngine({ limits: { cancelGrace: 100 } }, async (engine, file) => {
    const heeding = await engine.submit(listens, { file });
    await until(() => pidsIn(file).length === 1);
    await heeding.cancel("enough");
    await until(() => readFileSync(file, "utf8").includes("DF_CANCELLED"));
    const other = newFile();
    const looping = await engine.submit(breaks, { what: "loop", file: other });
    await until(() => pidsIn(other).length === 1);
    await looping.cancel("enough");
    await untilGone(pidsIn(other));
    expect(isAlive(pidsIn(file)[0] as number)).toBe(true); // it has heeded, and is used again
  });
});

test.each(["exit", "loop", "garbage"] as const)(
  "an attempt that must not be repeated is not, where its process was ended: %s",
  async (what) => {
    await withEngine({ limits: { cancelGrace: 0 } }, async (engine, file) => {
      expect(await failure(() => engine.run(breaksOnce, { what, file }))).toEqual({
        code: "DF_OUTCOME_UNKNOWN",
        task: "breakIt",
        attempts: 1,
      });
      expect(pidsIn(file)).toHaveLength(1);
    });
  },
);

test("a handler is told of its attempt, and leaves a heartbeat to the next one", async () => {
  await withEngine({}, async (engine) => {
    expect(await engine.run(tells, undefined, { runId: "told" })).toEqual({
      runId: "told",
      taskId: "tell",
      attempt: 2,
      idempotencyKey: expect.stringMatching(/^[0-9a-f]{64}$/),
      fence: 1,
      lastHeartbeat: { at: "half", map: new Map([[1, new Date(0)]]) },
      isAborted: false,
    });
  });
});

test("heartbeats come out of a process whose thread is held", async () => {
  await withEngine({}, async (engine) => {
    expect(await engine.run(beats, 1200)).toBe(1200);
  });
});

test("a process without anything to do is ended after limits.processIdle, and not before", async () => {
  await withEngine({ limits: { processIdle: 150 } }, async (engine) => {
    const { pid } = await engine.run(places, 1);
    expect((await engine.run(places, 2)).pid).toBe(pid);
    await untilGone([pid]);
    expect((await engine.run(places, 3)).pid).not.toBe(pid);
  });
});

test.each([1, 2])("there are no more processes than limits.processesMax, %d; more attempts wait", async (processesMax) => {
  await withEngine({ limits: { processesMax } }, async (engine, file) => {
    const ended = await engine.run(crowd, { file, ms: 250, list: [1, 2, 3, 4, 5, 6] });
    expect(new Set(ended.map(({ pid }) => pid)).size).toBe(processesMax);
    expect(pidsIn(file)).toHaveLength(6);
  });
});

test("a process gives its place to another handler's", async () => {
  await withEngine({ limits: { processesMax: 1 } }, async (engine, file) => {
    const { pid } = await engine.run(places, 1);
    await engine.run(crowd, { file, ms: 1, list: [1] });
    expect(isAlive(pid)).toBe(false);
  });
});

test("while an attempt waits for a process its time-out does not run", async () => {
  await withEngine({ limits: { processesMax: 1, cancelGrace: 0 } }, async (engine, file) => {
    const first = engine.run(crowd, { file, ms: 900, list: [1] });
    await until(() => pidsIn(file).length === 1);
    expect(await engine.run(breaksSoon, { what: "loop", file: newFile(), livesFrom: 1 })).toBe(1); // its time-out is 300 ms
    await first;
  });
});

test("a worker's processes end with its thread, whatever they do", async () => {
  const file = newFile();
  const engine = await DataFlower.start({ store: "memory:", workers: 1, workflows: [breaks, loops], limits: { cancelGrace: 0 } });
  try {
    const run = await engine.submit(breaks, { what: "loop", file, livesFrom: 3 });
    await until(() => pidsIn(file).length === 1);
    const looping = await engine.submit(loops, undefined);
    const [first] = pidsIn(file);
    await new Promise((resolve) => setTimeout(resolve, 50));
    await looping.cancel("the thread is killed"); // at once, as there is no grace
    await untilGone([first as number]);
    await until(() => pidsIn(file).length === 2); // the run has another home
    await run.cancel("enough");
    await untilGone(pidsIn(file));
  } finally {
    await engine.close();
  }
});

describe("in a program", () => {
  const runtimes = new Runtimes();
  afterEach(() => runtimes.end());
  const program = new URL(builtUrl("runtime/engine/fixtures/processes-program.fixture")).pathname;

  test("one that floods its output waits in its own process; lines are handed on to stderr", async () => {
    const file = newFile();
    const { status, stdout, stderr } = await runProgram([program, "flood", file]);
    expect(status).toBe(0);
    const [beside, flood] = stdout.trim().split("\n");
    expect(JSON.parse(beside as string)).toMatchObject({ completed: { input: "beside" } });
    expect(JSON.parse(flood as string)).toEqual({ code: "DF_TASK_TIMEOUT" });
    expect(stderr).toContain(`${"x".repeat(1000)}\n`);
    expect(stderr.length).toBeLessThan(8 * 1024 * 1024);
    expect(pidsIn(file).filter(isAlive)).toEqual([]);
  });

  test.each(["0", "1"])("which is killed, no process is left, even one that loops; with %s workers", async (workers) => {
    const file = newFile();
    const runtime = runtimes.spawn({ program: "processes-program", args: ["loop", file, "memory:", workers] });
    await runtime.killWhen("a child loops", () => pidsIn(file).length === 1);
    await untilGone(pidsIn(file));
  });

  test("which is killed and started again, runs are gone on with", async () => {
    const file = newFile();
    const store = `lmdb:${join(folder, "resumed")}`;
    const killed = runtimes.spawn({ program: "processes-program", args: ["wait", file, store] });
    await killed.killWhen("its children work", () => pidsIn(file).length === 2);
    const first = pidsIn(file);
    await untilGone(first);
    const next = runtimes.spawn({ program: "processes-program", args: ["wait", file, store] });
    await next.waitForEnd();
    expect(next.output()).toMatch(/\{"completed":\[\{"pid":\d+,"input":1500\},\{"pid":\d+,"input":1500\}\]\}/);
    expect(pidsIn(file)).toHaveLength(4);
    await untilGone(pidsIn(file));
  });
});
