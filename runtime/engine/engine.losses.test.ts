import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DataFlower, type Engine, type EngineOptions, type Run } from "dataflower";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { built, builtUrl } from "./fixtures/built.fixture.js";
import type * as ExitsInWorker from "./fixtures/exits-in-worker.fixture.js";
import type * as ExitsWhenTold from "./fixtures/exits-when-told.fixture.js";
import type * as Losses from "./fixtures/losses.fixture.js";
import { failure } from "./fixtures/outcome.fixture.js";
import type * as Plain from "./fixtures/plain.fixture.js";
import { runProgram } from "./fixtures/program.fixture.js";
import { until, untilIdle, usageOf } from "./fixtures/usage.fixture.js";

const losses = await built<typeof Losses>("losses");
const { endsOnce, endsThrice, endsSharedOnce, endsSharedThrice, exitsLater, patient, busy, chain, loops } = losses;
const { echo, waiting, stuck } = await built<typeof Plain>("plain");
const { deadly } = await built<typeof ExitsInWorker>("exits-in-worker");
const { lastGood, toldBy } = await built<typeof ExitsWhenTold>("exits-when-told");

const workflows = [echo, endsOnce, endsThrice, endsSharedOnce, endsSharedThrice, exitsLater, patient, busy, chain];

let folder: string;
let ledgers = 0;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "dataflower-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A file for tasks to note their starts in. */
const newLedger = () => join(folder, `ledger-${++ledgers}`);

function startsIn(ledger: string): Losses.Start[] {
  if (!existsSync(ledger)) return [];
  const lines = readFileSync(ledger, "utf8").split("\n").filter(Boolean);
  return lines.map((line) => JSON.parse(line) as Losses.Start); // as the fixture writes it
}

/** What keeps this process alive, but for the timers of the test runner. */
function handles(): string[] {
  return process
    .getActiveResourcesInfo()
    .filter((resource) => resource !== "Timeout")
    .sort();
}

/** Everything of the runs that there were has been given back, except that charges may stay until their slot is used again. */
async function expectIdle(engine: Engine): Promise<void> {
  await untilIdle(engine);
  expect(usageOf(engine).arenaBytes.slice(0, -1)).toEqual(usageOf(engine).arenaBytes.slice(0, -1).fill(0));
}

/** An engine, which must leave nothing behind: no run, no slot, no block of memory, no handle. */
async function withEngine(options: EngineOptions, act: (engine: Engine) => Promise<void>): Promise<void> {
  const before = handles();
  const engine = await DataFlower.start({ store: "memory:", workflows, ...options });
  try {
    await act(engine);
    await expectIdle(engine);
  } finally {
    await engine.close();
  }
  await vi.waitFor(() => expect(handles()).toEqual(before)); // ports close a turn later
}

const ones = (count: number) => new Array<number>(count).fill(1);

/** Runs whose tasks answer which attempt they are, and their right answers. */
class Bystanders {
  readonly #engine: Engine;
  readonly #expected: unknown[] = [];
  readonly #runs: Promise<Run<unknown>>[] = [];

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** Brings runs under way whose attempts wait for promises, at home and at guests. */
  async wait(): Promise<void> {
    const ledger = newLedger();
    for (let run = 0; run < 2; run++) this.#add(this.#engine.submit(patient, ledger), ones(4));
    await until(() => startsIn(ledger).length === 8);
  }

  /** Submits runs whose tasks are shared, and many small ones: most of them find no place but the intake. */
  crowd(): void {
    for (let run = 0; run < 2; run++) this.#add(this.#engine.submit(busy, [...Array(20).keys()]), ones(20));
    for (let run = 0; run < 300; run++) this.#add(this.#engine.submit(chain, undefined), ones(3));
  }

  /** All are right, and nobody was charged an attempt. */
  async expectRight(): Promise<void> {
    const runs = await Promise.all(this.#runs);
    expect(await Promise.all(runs.map((run) => failure(() => run.result())))).toEqual(this.#expected);
    expect(new Set(await Promise.all(runs.map((run) => run.status())))).toEqual(new Set(["completed"]));
  }

  #add(run: Promise<Run<unknown>>, completed: unknown): void {
    this.#runs.push(run);
    this.#expected.push({ completed });
  }
}

/** The engine goes on with all its workers. */
async function expectAtWork(engine: Engine): Promise<void> {
  expect(await engine.run(echo, "goes on")).toBe("goes on");
  expect(await engine.run(waiting, 1)).toBe(1); // registered only now, with the successors
  expect((await engine.latency("service")).count).toBeGreaterThan(0);
}

interface Loss {
  readonly how: Losses.Ending["how"];
  /** Alone in its run, or at such a place among four. */
  readonly place: "alone" | 0 | 1;
  readonly attempts: 1 | 3;
}

const tried = { 1: [endsOnce, endsSharedOnce], 3: [endsThrice, endsSharedThrice] } as const;

function submitEnding(engine: Engine, { place, attempts }: Loss, ending: Omit<Losses.Ending, "at">): Promise<Run<unknown>> {
  const [alone, shared] = tried[attempts];
  return place === "alone" ? engine.submit(alone, { ...ending, at: 0 }) : engine.submit(shared, { ...ending, at: place });
}

const lossesAt = (place: Loss["place"]): Loss[] =>
  ([1, 3] as const).flatMap((attempts) => ([0, "heap"] as const).map((how) => ({ how, place, attempts })));
const otherCodes = [1, 13].map((how): Loss => ({ how, place: "alone", attempts: 1 }));

describe.each([
  { workers: 1, all: [...lossesAt("alone"), ...otherCodes] },
  { workers: 2, all: [...lossesAt("alone"), ...otherCodes, ...lossesAt(0), ...lossesAt(1)] },
])("a task that ends its thread, of $workers, costs its own run alone", ({ workers, all }) => {
  // All in one engine: it goes on after each.
  let engine: Engine;
  let resources: string[];
  beforeAll(async () => {
    resources = handles();
    engine = await DataFlower.start({ workers, store: "memory:", workflows, limits: { heapMbMax: 40, restartsMax: 0 } });
  });
  afterAll(async () => {
    await engine.close();
    await vi.waitFor(() => expect(handles()).toEqual(resources)); // ports close a turn later
  });

  test.each(all)("by: $how, place: $place, attempts: $attempts", async (loss) => {
    const { how, place, attempts } = loss;
    const task = place === "alone" ? "end" : `end[${place}]`;
    const tries = how === "heap" ? Math.min(attempts, 2) : attempts;
    const lostBefore = usageOf(engine).recoveries.length;
    const ledger = newLedger();
    const bystanders = new Bystanders(engine);
    await bystanders.wait();
    const run = await submitEnding(engine, loss, { how, ledger });
    await until(() => startsIn(ledger).length >= (place === "alone" ? 1 : 2));
    bystanders.crowd();
    const error = await run.result().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      name: "DataFlowerError",
      code: how === "heap" ? "DF_TASK_OOM" : "DF_WORKER_LOST",
      message: expect.stringContaining(`Cannot finish ${task} as `),
      task,
      attempts: tries,
      runId: run.id,
      cause: how === "heap" ? { code: "ERR_WORKER_OUT_OF_MEMORY" } : { message: expect.stringContaining(`code: ${how}`) },
    });
    expect(await run.status()).toBe("failed");
    const starts = startsIn(ledger);
    expect(starts.filter((start) => start.task === task).map(({ attempt }) => attempt)).toEqual([1, 2, 3].slice(0, tries));
    expect(starts.filter((start) => start.task !== task && start.attempt !== 1)).toEqual([]);
    if (place === 1) expect(threadOf(starts, "end[0]")).not.toBe(threadOf(starts, "end[1]"));
    await bystanders.expectRight();
    expect(usageOf(engine).recoveries.length - lostBefore).toBe(tries);
    await expectAtWork(engine);
    await expectIdle(engine);
  });
});

describe("a task that ends its thread", () => {
  test.each([1, 2])("is done when a later attempt lives: %i workers", async (workers) => {
    await withEngine({ workers }, async (engine) => {
      const ledger = newLedger();
      expect(await engine.run(endsThrice, { how: 0, ledger, at: 0, livesFrom: 3 })).toBe(3);
      expect(await engine.run(endsSharedThrice, { how: 0, ledger: newLedger(), at: 1, livesFrom: 2 })).toEqual([1, 2, 1, 1]);
      expect(startsIn(ledger).map(({ attempt, fence }) => [attempt, fence])).toEqual([
        [1, 1],
        [2, 2],
        [3, 3],
      ]);
    });
  });

  test("is charged its own attempts when others do the same at the same time", async () => {
    await withEngine({ workers: 2, limits: { restartsMax: 0 } }, async (engine) => {
      const runs = [2, 3, 2, 3].map((livesFrom) => engine.run(endsThrice, { how: 0, ledger: newLedger(), at: 0, livesFrom }));
      expect(await Promise.all(runs)).toEqual([2, 3, 2, 3]);
    });
  });
});

/** Where the first attempt of a task was executed. */
function threadOf(starts: readonly Losses.Start[], task: string): number | undefined {
  return starts.find((start) => start.task === task && start.fence === 1)?.threadId;
}

describe.each([1, 2])("a thread of %i that ends out of the blue", (workers) => {
  test("fails the run that was there each time, after limits.crashAttemptsMax ends", async () => {
    await withEngine({ workers, limits: { crashAttemptsMax: 3 } }, async (engine) => {
      const ledger = newLedger();
      const bystanders = new Bystanders(engine);
      await bystanders.wait();
      const run = await engine.submit(exitsLater, ledger);
      bystanders.crowd();
      expect(await run.result().catch((thrown: unknown) => thrown)).toMatchObject({
        name: "DataFlowerError",
        code: "DF_WORKER_LOST",
        runId: run.id,
        cause: { message: expect.stringContaining("code: 1") },
      });
      await bystanders.expectRight();
      expect(startsIn(ledger).map(({ attempt, fence }) => [attempt, fence])).toEqual([
        [1, 1],
        [1, 2],
        [1, 3],
      ]);
      expect(usageOf(engine).recoveries).toHaveLength(3);
      await expectAtWork(engine);
    });
  });
});

describe("an engine whose threads keep ending for no reason that is known", () => {
  let made = 0;
  const count = () => {
    made += 1;
  };
  beforeAll(() => void process.on("worker", count));
  afterAll(() => void process.off("worker", count));
  afterEach(() => {
    delete process.env[toldBy];
  });

  const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

  /** No threads are made any more, and there were so many at the most. */
  async function expectQuiet(threadsMax: number): Promise<void> {
    await sleep(200); // the pool makes one for each that has ended, whether it will be used or not
    const then = made;
    await sleep(200);
    expect(made).toBe(then);
    expect(then).toBeLessThanOrEqual(threadsMax);
  }

  test.each([1, 2])("does not start with a module that ends each worker: %i workers", async (workers) => {
    made = 0;
    const resources = handles();
    const start = DataFlower.start({ workers, store: "memory:", workflows: [deadly], limits: { restartsMax: 3 } });
    expect(await failure(() => start)).toMatchObject({ code: "DF_WORKER_LOST" });
    await expectQuiet(2 * workers + 3 + 1);
    await vi.waitFor(() => expect(handles()).toEqual(resources)); // ports close a turn later
  });

  test.each([0, 3])("gives up when there were more than limits.restartsMax of them: %i", async (restartsMax) => {
    made = 0;
    const resources = handles();
    const engine = await DataFlower.start({
      workers: 2,
      store: "memory:",
      workflows: [...workflows, stuck, lastGood],
      limits: { restartsMax },
    });
    expect(await engine.run(lastGood, undefined)).toBe(1);
    process.env[toldBy] = "yes";
    const live = await Promise.all([1, 2, 3, 4].map(() => engine.submit(stuck, undefined)));
    const results = live.map((run) => failure(() => run.result()));
    const ending = failure(() => engine.run(endsOnce, { how: 0, ledger: newLedger(), at: 0 }));
    const unhealthy = expect.objectContaining({ code: "DF_POOL_UNHEALTHY" });
    expect(await ending).toMatchObject({ code: expect.stringMatching(/^DF_(WORKER_LOST|POOL_UNHEALTHY)$/) });
    expect(await Promise.all(results)).toEqual(live.map(() => unhealthy));
    expect(await Promise.all(live.map((run) => run.status()))).toEqual(live.map(() => "failed"));
    // Nothing that needs the workers stays pending.
    const later = [
      () => engine.submit(echo, 1),
      () => engine.run(echo, 1),
      () => engine.latency("service"),
      () => engine.run(waiting, 1), // not registered yet
    ];
    for (const act of later) expect(await failure(act)).toEqual(unhealthy);
    await expectQuiet(2 * 2 + restartsMax + 1);
    await engine.close();
    expect(await failure(() => engine.run(echo, 1))).toEqual(unhealthy);
    await vi.waitFor(() => expect(handles()).toEqual(resources)); // ports close a turn later
  });
});

test("close() ends a thread that a task never lets go of", async () => {
  const engine = await DataFlower.start({ workers: 2, store: "memory:", workflows: [loops] });
  const run = await engine.submit(loops, undefined);
  const result = failure(() => run.result());
  await engine.close({ grace: 50 });
  expect(await result).toMatchObject({ code: "DF_CANCELLED" });
});

describe("a program", () => {
  const program = (body: string) =>
    runProgram([
      "--input-type=module",
      "--eval",
      `import { DataFlower } from ${JSON.stringify(builtUrl("runtime/index"))};
       import { echo } from ${JSON.stringify(builtUrl("runtime/engine/fixtures/plain.fixture"))};
       import { endsOnce, throwsLater, rejectsUnheard } from ${JSON.stringify(builtUrl("runtime/engine/fixtures/losses.fixture"))};
       const ending = { how: 0, ledger: "/dev/null", at: 0 };
       ${body}`,
    ]);
  /** Ends the program with a status of its own if anything keeps it alive: as it does not itself, it fires only then. */
  const notAlive = "setTimeout(() => process.exit(7), 5000).unref();";

  test("keeps an idle engine, and ends by itself once it is closed", async () => {
    const { status, stdout } = await program(`
      const engine = await DataFlower.start({ workers: 2, store: "memory:" });
      console.log(await engine.run(echo, "before"));
      await new Promise((resolve) => setTimeout(resolve, 2000));
      console.log(await engine.run(echo, "after"));
      await engine.close();
      ${notAlive}`);
    expect(stdout).toBe("before\nafter\n");
    expect(status).toBe(0);
  });

  test("lives as long as its engine is open, whatever else it has to do", async () => {
    const { status, stdout } = await program(`
      const engine = await DataFlower.start({ workers: 1, store: "memory:" });
      process.on("SIGTERM", async () => { console.log(await engine.run(echo, "alive")); await engine.close(); });
      setTimeout(() => process.kill(process.pid, "SIGTERM"), 300).unref();`);
    expect(stdout).toBe("alive\n");
    expect(status).toBe(0);
  });

  test("ends by itself once an engine is closed that has lost a worker", async () => {
    const { status, stdout } = await program(`
      const engine = await DataFlower.start({ workers: 2, store: "memory:" });
      await engine.run(endsOnce, ending).catch((error) => console.log(error.code));
      await engine.close();
      ${notAlive}`);
    expect(stdout).toBe("DF_WORKER_LOST\n");
    expect(status).toBe(0);
  });

  test("that awaits no result of a run that fails is not ended by it", async () => {
    const { status, stdout } = await program(`
      const engine = await DataFlower.start({ workers: 1, store: "memory:" });
      const run = await engine.submit(endsOnce, ending);
      console.log((await run.summary()).status);
      await engine.close();
      console.log("here");
      ${notAlive}`);
    expect(stdout).toBe("failed\nhere\n");
    expect(status).toBe(0);
  });

  test.each([
    ["throwsLater", "throwLater", "RangeError: too late"],
    ["rejectsUnheard", "rejectUnheard", "RangeError: unheard"],
  ])("is warned of an error that no task waits for, and loses nothing by it: %s", async (name, task, message) => {
    const { status, stdout, stderr } = await program(`
      const engine = await DataFlower.start({ workers: 1, store: "memory:" });
      const run = await engine.submit(${name}, undefined);
      console.log(await run.result());
      await new Promise((resolve) => setTimeout(resolve, 300));
      console.log(await run.status(), await engine.run(echo, "next"), engine.usage().recoveries.length);
      await engine.close();
      ${notAlive}`);
    expect(stdout).toBe("1\ncompleted next 0\n");
    const lines = stderr.split("\n").filter(Boolean);
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] as string)).toMatchObject({ level: "warn", worker: 0, message, tasks: [expect.stringContaining(task)] });
    expect(status).toBe(0);
  });
});
