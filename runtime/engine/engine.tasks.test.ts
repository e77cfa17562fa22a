import { DataFlower, type TaskRecord } from "dataflower";
import { describe, expect, test } from "vitest";
import { built } from "./fixtures/built.fixture.js";
import type * as Failures from "./fixtures/failures.fixture.js";
import type * as Losses from "./fixtures/losses.fixture.js";
import type * as Plain from "./fixtures/plain.fixture.js";
import type * as Shapes from "./fixtures/shapes.fixture.js";

const { echo } = await built<typeof Plain>("plain");
const { nested, small } = await built<typeof Shapes>("shapes");
const { alone, recovering } = await built<typeof Failures>("failures");
const { endsOnce, endsThrice } = await built<typeof Losses>("losses");

const workflows = [echo, small, nested, alone, recovering];

describe.each([0, 1, 2])("Run.tasks() with %i workers", (workers) => {
  const start = () => DataFlower.start({ workers, store: "memory:", workflows, record: true });

  test("tells of every attempt of a run, within the run", async () => {
    const engine = await start();
    try {
      const run = await engine.submit(small, { x: 1, seed: 1 });
      const tasks = await run.tasks();
      expect(tasks.map(({ path, attempt, outcome }) => [path, attempt, outcome])).toEqual([
        ["affine", 1, "returned"],
        ["affine-2", 1, "returned"],
        ["pair", 1, "returned"],
      ]);
      const { tasksByWorker } = await run.summary();
      expect(tasksByWorker.map((_, worker) => tasks.filter((task) => task.worker === worker).length)).toEqual(tasksByWorker);
      for (const { startedAt, endedAt } of tasks) expect(endedAt).toBeGreaterThanOrEqual(startedAt);
      expect(tasks).toEqual(inOrder(tasks));
      expect(await run.tasks()).toEqual(tasks);
    } finally {
      await engine.close();
    }
  });

  test("names tasks by the elements around them", async () => {
    const engine = await start();
    try {
      const run = await engine.submit(nested, 4);
      await run.result();
      const tasks = await run.tasks();
      const paths = tasks.map(({ path }) => path);
      expect(new Set(paths).size).toBe(paths.length);
      expect(paths.length).toBe((await run.summary()).tasks);
      expect(paths.filter((path) => path.startsWith("product")).sort()).toEqual(
        [
          [1, 0],
          [2, 0],
          [2, 1],
          [3, 0],
          [3, 1],
          [3, 2],
        ].map(([row, cell]) => `product[${row}][${cell}]`),
      );
      const calls = tasks.filter(({ listLength }) => listLength !== undefined);
      expect(calls.map(({ path, listLength }) => `${path} of ${listLength}`).sort()).toEqual([
        "sum-2[0] of 0",
        "sum[0][0] of 0",
        "sum[1][0] of 1",
        "sum[2][0] of 2",
        "sum[3][0] of 3",
      ]);
    } finally {
      await engine.close();
    }
  });

  test("counts failed attempts, of runs that fail as well", async () => {
    const engine = await start();
    try {
      const failed = await engine.submit(alone, { what: "an error", isLate: true });
      expect(await failed.tasks()).toMatchObject([{ path: "fail", attempt: 1, outcome: "failed" }]);
      const recovered = await engine.submit(recovering, { at: 1, goodFrom: 3 });
      const attempts = (await recovered.tasks()).filter(({ path }) => path.endsWith("[1]"));
      expect(attempts.map(({ attempt, outcome }) => `${attempt} ${outcome}`)).toEqual(["1 failed", "2 failed", "3 returned"]);
    } finally {
      await engine.close();
    }
  });

  test("refuses where nothing was recorded, and when the engine has been closed", async () => {
    const without = await DataFlower.start({ workers, store: "memory:", workflows: [echo] });
    const unrecorded = await without.submit(echo, 1);
    await expect(unrecorded.tasks()).rejects.toMatchObject({ code: "DF_OPTION_INVALID", message: expect.stringContaining("record: true") });
    await without.close();
    const engine = await start();
    const run = await engine.submit(echo, 1);
    await run.result();
    await engine.close();
    await expect(run.tasks()).rejects.toMatchObject({ code: "DF_ENGINE_CLOSED" });
  });
});

describe("Run.tasks() behind a lost thread", () => {
  const ending = { how: 1, ledger: "/dev/null", at: 0 };

  test("refuses the list of a run whose records the thread took along", async () => {
    const engine = await DataFlower.start({ workers: 1, store: "memory:", workflows: [echo, endsOnce], record: true });
    try {
      const before = await engine.submit(echo, 1);
      expect((await before.tasks()).length).toBe(1);
      const lost = await engine.submit(endsOnce, ending);
      expect(await lost.tasks()).toEqual([]); // begun again, it executed nothing
      await expect(before.tasks()).rejects.toMatchObject({ code: "DF_WORKER_LOST", message: expect.stringContaining("found 0 of 1") });
      const behind = await engine.submit(echo, 1);
      expect((await behind.tasks()).length).toBe(1);
    } finally {
      await engine.close();
    }
  });

  test("gives what a run executed since it was begun again", async () => {
    const engine = await DataFlower.start({ workers: 2, store: "memory:", workflows: [endsThrice], record: true });
    try {
      const run = await engine.submit(endsThrice, { ...ending, livesFrom: 2 });
      expect(await run.result()).toBe(2);
      expect(await run.tasks()).toMatchObject([{ path: "end", attempt: 2, outcome: "returned" }]);
    } finally {
      await engine.close();
    }
  });
});

const inOrder = (tasks: readonly TaskRecord[]): TaskRecord[] => [...tasks].sort((one, other) => one.startedAt - other.startedAt);
