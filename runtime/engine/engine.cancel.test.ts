import { isDeepStrictEqual } from "node:util";
import { DataFlower, type Engine, type EngineOptions, type Run, type Settled, type Workflow } from "dataflower";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { built } from "./fixtures/built.fixture.js";
import type * as Cancel from "./fixtures/cancel.fixture.js";
import type * as Hangs from "./fixtures/chaos-hangs.fixture.js";
import { type Given, Journal } from "./fixtures/journal.fixture.js";
import { failure, outcome } from "./fixtures/outcome.fixture.js";
import { until, untilIdle, usageOf } from "./fixtures/usage.fixture.js";

const { holding, holdingMap, pendingMap, retryingLater, bystander, siblings } = await built<typeof Cancel>("cancel");
const { quick, expectedQuick } = await built<typeof Hangs>("chaos-hangs");
const workflows = [holding, holdingMap, pendingMap, retryingLater, bystander, siblings, quick];

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

const started = (key: string) => journal.entries("started", key);

/** So many more runs: every one of them completes, in one attempt of each task. */
async function runMore(engine: Engine, count: number): Promise<void> {
  const inputs = Array.from({ length: count }, (_, x) => x);
  const wrong: Settled<unknown>[] = [];
  for await (const settled of engine.submitAll(quick, inputs, { inFlight: 500 })) {
    const isRight = settled.status === "completed" && JSON.stringify(settled.output) === JSON.stringify(expectedQuick(settled.index));
    if (!isRight) wrong.push(settled);
  }
  expect(wrong).toEqual([]);
}

/** A run under way, and how it is cancelled. */
interface Target {
  /** The error that it ends with. */
  readonly ended: Promise<unknown>;
  readonly cancel: () => unknown;
  readonly reason: string;
}

interface Way {
  readonly way: string;
  readonly submit: (engine: Engine, workflow: Workflow<Given, unknown>, given: Given) => Promise<Target>;
  /** The engine cannot be used afterwards. */
  readonly endsEngine?: true;
}

async function errorOf(run: Run<unknown>): Promise<unknown> {
  const ended = await outcome(() => run.result());
  expect(await run.status()).toBe("cancelled");
  return "error" in ended ? ended.error : ended;
}

const ways: readonly Way[] = [
  {
    way: "run.cancel()",
    submit: async (engine, workflow, given) => {
      const run = await engine.submit(workflow, given);
      return { ended: errorOf(run), cancel: () => run.cancel("enough of it"), reason: "enough of it" };
    },
  },
  {
    way: "the signal of submit()",
    submit: async (engine, workflow, given) => {
      const { signal, cancel } = abortable();
      const run = await engine.submit(workflow, given, { signal });
      return { ended: errorOf(run), cancel, reason: "its signal was aborted: no longer" };
    },
  },
  {
    way: "the signal of submitAll()",
    submit: async (engine, workflow, given) => {
      const { signal, cancel } = abortable();
      const settling = engine.submitAll(workflow, [given, given], { inFlight: 1, signal })[Symbol.asyncIterator]();
      const ended = settling.next().then(async ({ value }) => {
        expect(value).toMatchObject({ index: 0, status: "cancelled" });
        expect(await settling.next()).toEqual({ value: undefined, done: true }); // the second input is not submitted any more
        return (value as Settled<unknown> & { status: "cancelled" }).error;
      });
      return { ended, cancel, reason: "its signal was aborted: no longer" };
    },
  },
  {
    way: "close()",
    endsEngine: true,
    submit: async (engine, workflow, given) => {
      const run = await engine.submit(workflow, given);
      return { ended: errorOf(run), cancel: () => engine.close({ grace: 0 }), reason: "its engine was closed before it ended" };
    },
  },
];

function abortable(): { signal: AbortSignal; cancel: () => void } {
  const controller = new AbortController();
  return { signal: controller.signal, cancel: () => controller.abort(new Error("no longer")) };
}

/** Where a run may be when it is cancelled. */
interface Place {
  readonly place: string;
  readonly workers?: number;
  readonly workflow: Workflow<Given, unknown>;
  /** Runs that keep the workers busy, and others in front of the target. */
  readonly before?: (engine: Engine) => Promise<void>;
  /** Attempts of the target that are under way when it is cancelled; no other one ever starts. */
  readonly startedCount: number;
  /** Those of them that wait for a promise, and hear of it. */
  readonly abortedCount?: number;
}

async function occupy(engine: Engine): Promise<void> {
  for (const key of ["one", "other"]) await engine.submit(holding, journal.given(key));
  await until(() => started("one").length + started("other").length === 2);
}

/** More than the ready queue is filled with for two workers. */
async function occupyAndQueue(engine: Engine): Promise<void> {
  await occupy(engine);
  for (let x = 0; x < 100; x++) await engine.submit(quick, x);
}

const places: readonly Place[] = [
  { place: "in the intake", workflow: holding, before: occupyAndQueue, startedCount: 0 },
  { place: "in the ready queue", workflow: holding, before: occupy, startedCount: 0 },
  { place: "at its home, some of its tasks ready", workers: 1, workflow: holdingMap, startedCount: 1 },
  { place: "shared, both workers busy with it", workflow: holdingMap, startedCount: 2 },
  { place: "waiting for promises at home and at a guest", workflow: pendingMap, startedCount: 4, abortedCount: 4 },
  { place: "waiting for its next attempt", workflow: retryingLater, startedCount: 1 },
];

describe.each(places.map((one) => [one.place, one] as const))(
  "a run that is %s",
  (_, { workers = 2, workflow, before, startedCount, abortedCount = 0 }) => {
    test.each(ways.map((one) => [one.way, one] as const))("is cancelled by %s", async (_, { submit, endsEngine }) => {
      const engine = await start({ workers, limits: { cancelGrace: "1m" } });
      await before?.(engine);
      const { ended, cancel, reason } = await submit(engine, workflow, journal.given("target"));
      await until(() => started("target").length === startedCount);

      const cancelling = cancel();
      const error = await ended;
      expect(error).toMatchObject({ name: "DataFlowerError", code: "DF_CANCELLED", message: expect.stringContaining(reason) });
      expect(journal.entries("ended", "one")).toEqual([]); // nobody has waited for those that are in front

      journal.openGate();
      await cancelling;
      await until(() => journal.entries("aborted", "target").length === abortedCount);
      if (endsEngine === undefined) {
        await runMore(engine, 500);
        await untilIdle(engine);
        expect(usageOf(engine).recoveries).toEqual([]);
      }
      expect(started("target").map(({ attempt }) => attempt)).toEqual(new Array(startedCount).fill(1));
      expect(journal.entries("aborted", "target").map((entry) => entry.reason)).toEqual(new Array(abortedCount).fill("DF_CANCELLED"));
      if (workflow === pendingMap) expect(new Set(started("target").map(({ thread }) => thread)).size).toBe(2);
    });
  },
);

describe("a thread that a task of a cancelled run does not let go of", () => {
  test.each(ways.filter(({ endsEngine }) => endsEngine === undefined).map((one) => [one.way, one] as const))(
    "is replaced, and nobody else is charged: by %s",
    async (_, { submit }) => {
      const engine = await start({ workers: 2, limits: { cancelGrace: 100 } });
      const others = await engine.submit(bystander, journal.given("bystander"));
      await until(() => started("bystander").length === 4);
      const { ended, cancel } = await submit(engine, holdingMap, journal.given("target"));
      await until(() => started("target").length === 2);
      cancel();
      expect(await ended).toMatchObject({ code: "DF_CANCELLED" });
      expect(await others.result()).toEqual([1, 1, 1, 1]);
      await until(() => usageOf(engine).recoveries.length === 2);
      await runMore(engine, 500);
      await untilIdle(engine);
      expect(started("target").length).toBe(2);
    },
  );
});

test("a run that has ended stays as it is, whoever cancels it", async () => {
  const engine = await start({ workers: 1 });
  const controller = new AbortController();
  const completed = await engine.submit(quick, 1, { signal: controller.signal });
  await completed.result();
  controller.abort();
  await completed.cancel();
  expect([await completed.status(), await completed.result()]).toEqual(["completed", expectedQuick(1)]);

  const failed = await engine.submit(siblings, { ...journal.given("failed"), parts: ["fails"] });
  expect(await failure(() => failed.result())).toMatchObject({ code: "DF_TASK_FAILED" });
  await failed.cancel();
  expect(await failed.status()).toBe("failed");

  const twice = await engine.submit(retryingLater, journal.given("twice"));
  const result = outcome(() => twice.result());
  await twice.cancel("the first one counts");
  await twice.cancel("the second one does not");
  expect(await result).toMatchObject({ error: { message: expect.stringContaining("the first one counts") } });
  await engine.close();
  expect(await completed.status()).toBe("completed");
});

test("close() gives runs under way its grace to end, and cancels those that do not", async () => {
  const engine = await start({ workers: 2 });
  const ends = await engine.submit(bystander, journal.given("ends"));
  const stays = await engine.submit(retryingLater, journal.given("stays"));
  const results = Promise.all([outcome(() => ends.result()), failure(() => stays.result())]);
  await until(() => started("ends").length === 4 && started("stays").length === 1);
  await engine.close({ grace: 1000 });
  expect(await results).toMatchObject([{ value: [1, 1, 1, 1] }, { code: "DF_CANCELLED" }]);
});

test("a run whose signal has aborted before is never started", async () => {
  const engine = await start({ workers: 1 });
  const run = await engine.submit(holding, journal.given("target"), { signal: AbortSignal.abort("before") });
  expect(await failure(() => run.result())).toMatchObject({ code: "DF_CANCELLED" });
  await runMore(engine, 100);
  expect(started("target")).toEqual([]);
});

describe("when a task fails and that stops its run", () => {
  test("siblings that wait for promises are aborted, and those that are ready never start", async () => {
    const engine = await start({ workers: 2 });
    const parts = ["waits", "waits", "waits", "fails", "waits"] as const;
    const run = await engine.submit(siblings, { ...journal.given("target"), parts: [...parts] });
    expect(await failure(() => run.result())).toMatchObject({ code: "DF_TASK_FAILED", task: "part[3]" });
    const waiting = () => started("target").filter(({ task }) => task !== "part[3]").length;
    await until(() => journal.entries("aborted", "target").length === waiting());
    expect(new Set(journal.entries("aborted", "target").map(({ reason }) => reason))).toEqual(new Set(["DF_CANCELLED"]));
    await runMore(engine, 500);
    await untilIdle(engine);
  });

  test("a sibling that holds another worker's thread loses it after the grace", async () => {
    const engine = await start({ workers: 2, limits: { cancelGrace: 100 } });
    const parts = ["fails", "holds", "waits", "waits"] as const;
    const run = await engine.submit(siblings, { ...journal.given("target"), parts: [...parts] });
    expect(await failure(() => run.result())).toMatchObject({ code: "DF_TASK_FAILED", task: "part[0]" });
    await until(() => usageOf(engine).recoveries.length === 1);
    await runMore(engine, 500);
    await untilIdle(engine);
    expect(journal.entries("ended", "target")).toEqual([]);
  });
});

test("the queued one is aborted, then the one that runs: the third one runs", async () => {
  const engine = await start({ workers: 1, limits: { cancelGrace: 100 } });
  const signals = [new AbortController(), new AbortController()] as const;
  const running = await engine.submit(holding, journal.given("running"), { signal: signals[0].signal });
  await until(() => started("running").length === 1);
  const queued = await engine.submit(holding, journal.given("queued"), { signal: signals[1].signal });
  const third = await engine.submit(quick, 3);
  signals[1].abort();
  signals[0].abort();
  for (const run of [queued, running]) expect(await failure(() => run.result())).toMatchObject({ code: "DF_CANCELLED" });
  expect(await third.result()).toEqual(expectedQuick(3));
  expect(started("queued")).toEqual([]);
});

describe("whatever was cancelled gives its place back", () => {
  test("thousands of runs, in every place, with little shared memory", async () => {
    const engine = await start({ workers: 2, limits: { arenaBytesMax: "1MiB" } });
    const before = usageOf(engine).arenaBytes;
    for (let round = 0; round < 20; round++) {
      const runs: Run<unknown>[] = [];
      for (let n = 0; n < 150; n++) {
        const workflow = [retryingLater, pendingMap, bystander][n % 3] as Workflow<Given, unknown>; // there are three
        runs.push(await engine.submit(workflow, journal.given("many")));
      }
      for (let x = 0; x < 500; x++) runs.push(await engine.submit(quick, x));
      await new Promise((resolve) => setTimeout(resolve, round));
      for (const run of runs) await run.cancel();
      for (const run of runs) expect(await run.status()).not.toBe("accepted");
    }
    await runMore(engine, 10_000);
    // A worker frees what its guests have been in when it next looks: with the next run at the latest.
    await until(async () => {
      await runMore(engine, 2);
      await untilIdle(engine);
      return isDeepStrictEqual(usageOf(engine).arenaBytes, before);
    });
    expect(usageOf(engine).recoveries).toEqual([]);
  });
});

test.each([1, 2])("runs behind cancelled ones that no worker has taken are not forgotten: with %i workers", async (workers) => {
  const engine = await start({ workers, profile: "latency" });
  for (let round = 0; round < 30; round++) {
    const abort = new AbortController();
    const given = { signal: abort.signal };
    const cancelled = Array.from({ length: 2 * workers }, () => engine.submit(quick, 1, given)); // as many as the ready queue takes
    const behind = engine.run(quick, 2);
    abort.abort();
    expect(await behind).toEqual(expectedQuick(2));
    await Promise.all(cancelled);
  }
});
