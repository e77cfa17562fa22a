import { DataFlower, type Engine, type EngineOptions } from "dataflower";
import { describe, expect, test } from "vitest";
import { built, builtUrl } from "./fixtures/built.fixture.js";
import type * as Losses from "./fixtures/losses.fixture.js";
import { failure } from "./fixtures/outcome.fixture.js";
import type * as Plain from "./fixtures/plain.fixture.js";
import { runProgram } from "./fixtures/program.fixture.js";

const losses = await built<typeof Losses>("losses");
const { echo, waiting, stuck } = await built<typeof Plain>("plain");

/** Has a task end its thread while other runs are under way or wait, and looks at what is left. */
async function loseWorker(options: EngineOptions, code: string, end: (engine: Engine) => Promise<unknown>): Promise<void> {
  const engine = await DataFlower.start({ store: "memory:", workflows: [echo, stuck, ...Object.values(losses)], ...options });
  const ending = end(engine);
  const live = await Promise.all([1, 2, 3, 4].map(() => engine.submit(stuck, undefined)));
  const results = live.map((run) => failure(() => run.result()));
  const lost = expect.objectContaining({ code });
  await ending;
  expect(await Promise.all(results)).toEqual(live.map(() => lost));
  expect(await Promise.all(live.map((run) => run.status()))).toEqual(live.map(() => "failed"));
  // Control calls to a worker that is gone are refused as well: none stays pending.
  for (const act of [() => engine.submit(echo, 1), () => engine.run(echo, 1), () => engine.latency("service")]) {
    expect(await failure(act)).toEqual(lost);
  }
  expect(await failure(() => engine.run(waiting, 1))).toEqual(lost); // not registered yet
  await engine.close();
  expect(await failure(() => engine.run(echo, 1))).toEqual(lost);
}

describe.each([1, 2])("a lost worker of %i: every live and later run is refused, close() works, nothing hangs", (workers) => {
  test.each([0, 1, 13])("when a task calls process.exit(%i)", async (code) => {
    await loseWorker({ workers }, "DF_WORKER_LOST", async (engine) => {
      expect(await failure(() => engine.run(losses.exits, code))).toMatchObject({ code: "DF_WORKER_LOST" });
    });
  });

  test.each([0, 1])("when task %i of four beside each other ends its thread", async (at) => {
    await loseWorker({ workers }, "DF_WORKER_LOST", async (engine) => {
      expect(await failure(() => engine.run(losses.exitsShared, at))).toMatchObject({ code: "DF_WORKER_LOST" });
    });
  });

  test("when a task fills its heap", async () => {
    await loseWorker({ workers, limits: { heapMbMax: 40 } }, "DF_TASK_OOM", async (engine) => {
      expect(await failure(() => engine.run(losses.hoards, undefined))).toMatchObject({ code: "DF_TASK_OOM" });
    });
  });
});

test.each(["throwsLater", "rejectsUnheard"] as const)(
  "an error that no task waits for ends its worker and is the cause: %s",
  async (name) => {
    await loseWorker({ workers: 1 }, "DF_WORKER_LOST", async (engine) => {
      expect(await engine.run(losses[name], undefined)).toBe(1);
      const error = await engine.run(stuck, undefined).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: "DF_WORKER_LOST", cause: { name: "RangeError" } });
    });
  },
);

test("close() ends a thread that a task never lets go of", async () => {
  const engine = await DataFlower.start({ workers: 2, store: "memory:", workflows: [losses.loops] });
  const run = await engine.submit(losses.loops, undefined);
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
       import { exits } from ${JSON.stringify(builtUrl("runtime/engine/fixtures/losses.fixture"))};
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
      await engine.run(exits, 0).catch((error) => console.log(error.code));
      await engine.close();
      ${notAlive}`);
    expect(stdout).toBe("DF_WORKER_LOST\n");
    expect(status).toBe(0);
  });

  test("that awaits no result of a run that fails is not ended by it", async () => {
    const { status, stdout } = await program(`
      const engine = await DataFlower.start({ workers: 1, store: "memory:" });
      await engine.submit(exits, 0);
      for (let open = true; open; ) await engine.latency("service").catch(() => { open = false; });
      await engine.close();
      console.log("here");
      ${notAlive}`);
    expect(stdout).toBe("here\n");
    expect(status).toBe(0);
  });
});
