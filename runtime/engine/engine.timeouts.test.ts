import { DataFlower, type Engine, type EngineOptions, type Run } from "dataflower";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { built } from "./fixtures/built.fixture.js";
import { Journal } from "./fixtures/journal.fixture.js";
import { failure, outcome } from "./fixtures/outcome.fixture.js";
import type * as Plain from "./fixtures/plain.fixture.js";
import { spin } from "./fixtures/spin.fixture.js";
import type * as Timeouts from "./fixtures/timeouts.fixture.js";
import { until, untilIdle, usageOf } from "./fixtures/usage.fixture.js";

const { held, pending, alive, failing, patient, prompt, steps, beyondTimersMs } = await built<typeof Timeouts>("timeouts");
const { holding, waiting } = await built<typeof Plain>("plain");
const handlers = { held, pending };
const kinds = ["held", "pending"] as const;
const workflows = [
  ...[held, pending, alive].flatMap((family) => Object.values(family)),
  ...[failing, patient, prompt, steps, holding, waiting],
];

let journal: Journal;
const engines: Engine[] = [];
beforeEach(() => {
  journal = new Journal();
});
afterEach(async () => {
  journal.openGate();
  await Promise.all(engines.splice(0).map((engine) => engine.close({ grace: 0 })));
  journal.remove();
});

async function start(options: EngineOptions): Promise<Engine> {
  const engine = await DataFlower.start({ store: "memory:", workflows, ...options });
  engines.push(engine);
  return engine;
}

const attempts = (key: string) => journal.entries("started", key).map(({ attempt }) => attempt);
const lastHeartbeats = (key: string) => journal.entries("started", key).map(({ lastHeartbeat }) => lastHeartbeat);
const tooLate = (attempts: number) => ({ code: "DF_TASK_TIMEOUT", task: "late", attempts });

/** A thread that is held costs its thread, a promise that does not settle costs nothing. */
async function expectLosses(engine: Engine, kind: (typeof kinds)[number], count: number): Promise<void> {
  await until(() => usageOf(engine).recoveries.length >= (kind === "held" ? count : 0));
  expect(usageOf(engine).recoveries.length).toBe(kind === "held" ? count : 0);
  expect(await engine.run(steps, 0)).toBe(20);
}

describe.each(kinds)("an attempt that takes longer than its timeout, its handler's thread %s", (kind) => {
  const late = handlers[kind];

  test("is followed by the next one, until there is none left", async () => {
    const engine = await start({ workers: 2 });
    expect(await failure(() => engine.run(late.repeated, journal.given("a")))).toEqual(tooLate(3));
    expect(attempts("a")).toEqual([1, 2, 3]);
    expect(journal.entries("aborted", "a").map(({ reason }) => reason)).toEqual(kind === "held" ? [] : Array(3).fill("DF_TASK_TIMEOUT"));
    // What a thread that was killed had been told is gone with it.
    expect(lastHeartbeats("a")).toEqual(kind === "held" ? [undefined, undefined, undefined] : [undefined, { of: 1 }, { of: 2 }]);
    await expectLosses(engine, kind, 3);
  });

  test("may be followed by the fallback", async () => {
    const engine = await start({ workers: 1 });
    expect(await engine.run(late.replaced, journal.given("a"))).toBe(-1);
    expect(attempts("a")).toEqual([1, 2, 3]);
    await expectLosses(engine, kind, 3);
  });

  test("may have what depends on it skipped", async () => {
    const engine = await start({ workers: 2 });
    expect(await engine.run(late.skipped, journal.given("a"))).toEqual([1, 3]);
    expect(attempts("a")).toEqual([1, 2]);
    await expectLosses(engine, kind, 2);
  });

  test("is the last one where time-outs are not to be repeated", async () => {
    const engine = await start({ workers: 1 });
    expect(await failure(() => engine.run(late.notRepeated, journal.given("a")))).toEqual(tooLate(1));
    expect(attempts("a")).toEqual([1]);
    await expectLosses(engine, kind, 1);
  });

  test("or that gives no heartbeat in time, ends; one that goes on to give some lives", async () => {
    const engine = await start({ workers: 2 });
    const dead = outcome(() => engine.run(late.silent, journal.given("a")));
    expect(await engine.run(alive[kind], journal.given("b"))).toBe(1);
    expect(await dead).toMatchObject({ error: { ...tooLate(1), message: expect.stringContaining("heartbeatTimeout of 150 ms") } });
    await expectLosses(engine, kind, 1);
  });
});

test("details of the last heartbeat reach the next attempt", async () => {
  const engine = await start({ workers: 1 });
  expect(await engine.run(failing, journal.given("a"))).toBe(3);
  expect(lastHeartbeats("a")).toEqual([undefined, { of: 1 }, { of: 2 }]);
});

test("an attempt that settles in time is not late because its thread was held meanwhile", async () => {
  const engine = await start({ workers: 1 });
  const run = engine.run(prompt, journal.given("a"));
  await until(() => attempts("a").length === 1);
  const holder = engine.run(holding, 500);
  expect(await run).toBe(1);
  await holder;
});

describe("a run that takes longer than its timeout ends with DF_RUN_TIMEOUT", () => {
  async function expectTimeout(run: Run<unknown>): Promise<void> {
    expect(await outcome(() => run.result())).toMatchObject({
      error: { code: "DF_RUN_TIMEOUT", message: expect.stringContaining("timeout of 150 ms"), runId: run.id },
    });
    expect(await run.status()).toBe("failed");
  }

  test("while it waits", async () => {
    const engine = await start({ workers: 1 });
    const before = await engine.submit(holding, 400);
    await expectTimeout(await engine.submit(failing, journal.given("a"), { timeout: 150 }));
    expect(await before.result()).toBe(400);
    await untilIdle(engine);
    expect(attempts("a")).toEqual([]);
  });

  test("while a task of it holds its thread, which is replaced", async () => {
    const engine = await start({ workers: 2, limits: { cancelGrace: 50 } });
    await expectTimeout(await engine.submit(held.silent, journal.given("a"), { timeout: 150 }));
    expect(attempts("a")).toEqual([1]);
    expect(await engine.run(steps, 0)).toBe(20);
    await until(() => usageOf(engine).recoveries.length === 1);
    await untilIdle(engine);
  });

  test("while a task of it waits for a promise, which is aborted", async () => {
    const engine = await start({ workers: 2 });
    await expectTimeout(await engine.submit(pending.silent, journal.given("a"), { timeout: "150ms" }));
    await until(() => journal.entries("aborted", "a").length === 1);
    await untilIdle(engine);
    expect(usageOf(engine).recoveries).toEqual([]);
  });
});

test("a deadline is reported and nothing else", async () => {
  const engine = await start({ workers: 1 });
  const [missed, kept, none] = await Promise.all([
    engine.submit(waiting, 50, { deadline: 1 }),
    engine.submit(waiting, 1, { deadline: "1h" }),
    engine.submit(waiting, 1),
  ]);
  expect(await Promise.all([missed, kept, none].map((run) => run.result()))).toEqual([50, 1, 1]);
  const summaries = await Promise.all([missed, kept, none].map((run) => run.summary()));
  expect(summaries.map(({ missedDeadline }) => missedDeadline)).toEqual([true, false, false]);
});

test("time-outs beyond the reach of the language's timers do not come at once", async () => {
  const engine = await start({ workers: 1 });
  const options = { timeout: beyondTimersMs, deadline: beyondTimersMs };
  const run = await engine.submit(patient, journal.given("a"), options);
  expect(await run.result()).toBe(1);
  expect((await run.summary()).missedDeadline).toBe(false);
});

describe("while the control thread is held for a second", () => {
  test("runs that end within their timeout have ended in time, and those that do not have not", async () => {
    const engine = await start({ workers: 2, limits: { cancelGrace: "1m" } });
    const late = await engine.submit(waiting, 60_000, { timeout: 500 });
    const inTime = await Promise.all(Array.from({ length: 20 }, (_, n) => engine.submit(patient, journal.given(`${n}`), { timeout: 500 })));
    await until(() => attempts("19").length === 1);
    spin(1_000_000);
    expect(await Promise.all(inTime.map((run) => run.result()))).toEqual(inTime.map(() => 1));
    expect(await failure(() => late.result())).toMatchObject({ code: "DF_RUN_TIMEOUT" });
  });

  test("no attempt is charged", async () => {
    const engine = await start({ workers: 2 });
    const runs = await Promise.all([1, 2, 3].map(() => engine.submit(steps, 40)));
    await new Promise((resolve) => setTimeout(resolve, 100)); // the control thread has seen some task in hand
    spin(1_000_000);
    expect(await Promise.all(runs.map((run) => run.result()))).toEqual([20, 20, 20]);
    expect(usageOf(engine).recoveries).toEqual([]);
  });
});
