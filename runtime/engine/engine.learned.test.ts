/** What schedulers learn reaches those who ask, and the next life where there is a store; deadlines end what cannot keep them. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DataFlower, type EngineOptions } from "dataflower";
import type { BanditSnapshot, RunTimeSnapshot } from "dataflower/schedulers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { built } from "./fixtures/built.fixture.js";
import type * as Learned from "./fixtures/learned.fixture.js";
import { failure } from "./fixtures/outcome.fixture.js";

const { mixed, blocking, slower } = await built<typeof Learned>("learned");

const folder = mkdtempSync(join(tmpdir(), "learned-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const start = (options: EngineOptions) =>
  DataFlower.start({ workers: 1, store: "memory:", workflows: [mixed, blocking, slower], ...options });

/** By category. */
const countsOf = (learned: Readonly<Record<string, object>> | undefined): Record<string, number> =>
  Object.fromEntries(((learned?.learned as RunTimeSnapshot | undefined)?.kinds ?? []).map(({ kind, count }) => [kind, count]));

describe("run times", () => {
  test("are learnt from each attempt, by category, on whichever worker", async () => {
    const engine = await start({ workers: 2 });
    try {
      expect(await engine.run(mixed, 40)).toBe(2 * 780);
      const { runs, tasks } = await engine.learned();
      expect(runs).toEqual({});
      expect(tasks.length).toBe(2);
      const counts = tasks.map(countsOf);
      for (const kind of ["slow", "quick"]) {
        const seen = counts.reduce((sum, one) => sum + (one[kind] ?? 0), 0);
        expect(seen).toBeGreaterThan(0);
        expect(seen).toBeLessThanOrEqual(40); // what a worker has of another one's run it may not have been told the size of
      }
      const known = tasks.flatMap(({ learned }) => (learned as RunTimeSnapshot | undefined)?.kinds ?? []).filter(({ isKnown }) => isKnown);
      const [slowMs, quickMs] = ["slow", "quick"].map((name) =>
        Math.max(...known.filter(({ kind }) => kind === name).map(({ medianMs }) => medianMs)),
      );
      expect(slowMs).toBeGreaterThan(quickMs as number);
    } finally {
      await engine.close();
    }
  });

  test.each(["disk", "process"] as const)("outlive the process at %s, and grow from life to life", async (durability) => {
    const store = `lmdb:${join(folder, durability)}`;
    let before = 0;
    for (let life = 1; life <= 3; life++) {
      const engine = await start({ store, durability, scheduler: "learned" });
      try {
        expect(countsOf((await engine.learned()).tasks[0]).slow ?? 0).toBe(before);
        expect(countsOf((await engine.learned()).runs).mixed ?? 0).toBe(life - 1);
        await engine.run(mixed, 20);
        const after = countsOf((await engine.learned()).tasks[0]).slow as number;
        expect(after).toBeGreaterThan(before);
        before = after;
      } finally {
        await engine.close();
      }
    }
  });

  test("a worker that replaces a lost one knows what the store did", async () => {
    const store = `lmdb:${join(folder, "replaced")}`;
    const first = await start({ store, scheduler: "learned" });
    await first.run(mixed, 20);
    await first.close();
    const engine = await start({ store, scheduler: "learned" });
    try {
      const known = countsOf((await engine.learned()).tasks[0]).slow as number;
      const run = await engine.submit(blocking, 60_000, { timeout: 100 });
      expect(await failure(() => run.result())).toMatchObject({ code: "DF_RUN_TIMEOUT" });
      const isReplaced = () => (engine as unknown as { usage(): { recoveries: readonly unknown[] } }).usage().recoveries.length > 0;
      await expect.poll(isReplaced, { timeout: 10_000 }).toBe(true);
      expect(countsOf((await engine.learned()).tasks[0]).slow).toBe(known);
    } finally {
      await engine.close();
    }
  });
});

describe("adaptive", () => {
  test("tells by which policy runs were started, and when it switched", async () => {
    const engine = await start({ scheduler: "adaptive" });
    try {
      await Promise.all(Array.from({ length: 300 }, () => engine.run(blocking, 0)));
      const { switches, switchCount } = (await engine.learned()).runs.adaptive as BanditSnapshot;
      expect(switchCount).toBeGreaterThan(0);
      expect(switches[0]).toMatchObject({ from: "fifo", waiting: expect.any(Number), why: expect.any(String) });
    } finally {
      await engine.close();
    }
  });
});

describe("deadlines", () => {
  let engine: Awaited<ReturnType<typeof start>>;
  beforeAll(async () => {
    engine = await start({ scheduler: "deadline-shed" });
  });
  afterAll(() => engine.close());

  test("a run that waits until it is too late is shed, named in what was late, and those beside it complete", async () => {
    const first = await engine.submit(blocking, 300);
    const late = await engine.submit(blocking, 1, { deadline: 40 });
    const waiting = await Promise.all(Array.from({ length: 40 }, () => engine.submit(blocking, 1, { deadline: 60 })));
    const inTime = await engine.submit(blocking, 1, { deadline: "1h" });
    const ends = await Promise.all(
      [late, ...waiting].map((run) =>
        run.result().then(
          () => undefined,
          (error: unknown) => error,
        ),
      ),
    );
    const shed = ends.filter((error) => (error as { code?: string } | undefined)?.code === "DF_DEADLINE_MISSED");
    expect(shed.length).toBeGreaterThan(0); // the ready queue holds the first few, which are started all the same
    expect(shed[0]).toMatchObject({
      message: expect.stringMatching(
        /^Cannot start block(ing)? as its run must be able to end by its deadline: it would be \d+ ms late at best$/,
      ),
    });
    expect([await first.result(), await inTime.result()]).toEqual([300, 1]);
    const { count, newest } = (await engine.learned()).runs["deadline-shed"] as {
      count: number;
      newest: { runId: string; task: string }[];
    };
    expect(count).toBeGreaterThan(0);
    expect(count).toBeLessThanOrEqual(shed.length); // those that were started all the same are shed where they are
    expect(newest[0]).toMatchObject({ task: "blocking", runId: expect.any(String) });
  });

  test("so is a run under way, as soon as what is left of it is too much", async () => {
    const run = await engine.submit(slower, 50, { deadline: 20 });
    expect(await failure(() => run.result())).toMatchObject({ code: "DF_DEADLINE_MISSED", task: "block" });
    expect((await run.summary()).missedDeadline).toBe(true);
  });

  test("one that only puts late runs behind the others completes all of them", async () => {
    const patient = await start({ scheduler: "deadline-aware" });
    try {
      const runs = await Promise.all(Array.from({ length: 60 }, () => patient.submit(blocking, 2, { deadline: 10 })));
      expect(await Promise.all(runs.map((run) => run.result()))).toEqual(runs.map(() => 2));
      const { count } = (await patient.learned()).runs.deadline as { count: number };
      expect(count).toBeGreaterThan(0);
    } finally {
      await patient.close();
    }
  });
});
