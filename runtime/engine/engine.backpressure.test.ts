import { isDeepStrictEqual } from "node:util";
import { DataFlower, type Engine, type EngineOptions, type Run } from "dataflower";
import { afterEach, describe, expect, test } from "vitest";
import { resultBytesMax } from "../worker/result-frame.js";
import { inlineBytes } from "../worker/ticket.js";
import type * as Backpressure from "./fixtures/backpressure.fixture.js";
import { built } from "./fixtures/built.fixture.js";
import type * as Cancel from "./fixtures/cancel.fixture.js";
import type * as Hangs from "./fixtures/chaos-hangs.fixture.js";
import { Journal } from "./fixtures/journal.fixture.js";
import { failure } from "./fixtures/outcome.fixture.js";
import { spin } from "./fixtures/spin.fixture.js";
import { until, untilIdle, usageOf } from "./fixtures/usage.fixture.js";

const { through, across, produced, isWhole, patterned } = await built<typeof Backpressure>("backpressure");
const { quick, expectedQuick } = await built<typeof Hangs>("chaos-hangs");
const { holding } = await built<typeof Cancel>("cancel");

const kibibyte = 1024;
const mebibyte = 1024 * kibibyte;
const engines: Engine[] = [];
afterEach(async () => {
  await Promise.all(engines.splice(0).map((engine) => engine.close({ grace: 0 })));
});

async function start(options: EngineOptions): Promise<Engine> {
  const engine = await DataFlower.start({ store: "memory:", workflows: [through, across, produced, quick, holding], ...options });
  engines.push(engine);
  return engine;
}

describe("a control thread that is held for 3 s while workers produce results", () => {
  test("gets all of them afterwards, and the process has kept no more than the runs that may be live", async () => {
    const engine = await start({ workers: 2 });
    expect(isWhole(await engine.run(produced, 10), 10)).toBe(true);
    const rssBefore = process.memoryUsage.rss();
    const lengths = Array.from({ length: 600 }, (_, n) => (n % 10 === 9 ? mebibyte : 100 + 997 * (n % 17)));
    const runs: Run<Buffer>[] = [];
    for (const length of lengths) runs.push(await engine.submit(produced, length));
    spin(3_000_000);
    const grownMb = (process.memoryUsage.rss() - rssBefore) / mebibyte;
    let wrong = 0;
    for (const [index, run] of runs.entries()) if (!isWhole(await run.result(), lengths[index] as number)) wrong += 1;
    expect(wrong).toBe(0);
    await untilIdle(engine);
    expect(grownMb).toBeLessThan(300); // 64 runs may be at workers or on their way there: 6 of them with a large result
  });
});

/** Lengths of bytes whose encoded forms, a few bytes longer, lie on both sides of a limit. */
const around = (limit: number, step = 1) =>
  Array.from({ length: 24 / step }, (_, n) => limit - 20 + n * step).filter((length) => length >= 0);

const limits = [
  { what: "nothing", lengths: [0, 1, 2] },
  { what: "what a ticket holds", lengths: around(inlineBytes(undefined)) },
  { what: "what is copied word by word", lengths: around(256) },
  { what: "the largest result in a ring", lengths: around(resultBytesMax) },
  { what: "what is decoded from the scratch buffer", lengths: around(64 * kibibyte, 2) },
  { what: "half a ring", lengths: around(128 * kibibyte, 4) },
  { what: "a ring", lengths: around(256 * kibibyte, 4) },
  { what: "half an arena", lengths: around(512 * kibibyte, 4) },
];

describe.each([1, 2])("with %i workers and arenas of 1 MiB, bytes arrive whole whose length is about", (workers) => {
  test.each(limits.map(({ what, lengths }) => [what, lengths] as const))("%s", async (_, lengths) => {
    const engine = await start({ workers, limits: { arenaBytesMax: "1MiB" } });
    const before = usageOf(engine).arenaBytes;
    for (const length of lengths) {
      const [passed, made] = await Promise.all([engine.run(through, patterned(length)), engine.run(across, length)]);
      expect([length, isWhole(passed, length), isWhole(made.first, length)]).toEqual([length, true, true]);
      expect([length, ...made.checks.flat()]).toEqual([length, ...new Array<boolean>(8).fill(true)]);
    }
    await until(async () => {
      await engine.run(produced, 1); // a worker frees what its guests have been in when it next looks
      await untilIdle(engine);
      return isDeepStrictEqual(usageOf(engine).arenaBytes, before);
    });
  });

  test("an arena, and inputs are refused beyond it", async () => {
    const engine = await start({ workers, limits: { arenaBytesMax: "1MiB" } });
    const refused: boolean[] = [];
    for (const length of around(mebibyte - 16)) {
      const [passed, made] = await Promise.all([failure(() => engine.run(through, patterned(length))), engine.run(across, length)]);
      expect([length, isWhole(made.first, length), ...made.checks.flat()]).toEqual([length, ...new Array<boolean>(9).fill(true)]);
      const isRefused = (passed as { code?: unknown }).code === "DF_RESULT_TOO_LARGE";
      if (!isRefused) expect(isWhole((passed as { completed: Buffer }).completed, length)).toBe(true);
      refused.push(isRefused);
    }
    expect(refused).toEqual([...refused].sort());
    expect(new Set(refused)).toEqual(new Set([false, true]));
    await untilIdle(engine);
  });

  test("limits.outputBytesMax, and are refused beyond it", async () => {
    const outputBytesMax = 8 * mebibyte;
    const engine = await start({ workers, limits: { arenaBytesMax: "1MiB" } });
    const refused: boolean[] = [];
    for (const length of [outputBytesMax - 64, ...around(outputBytesMax, 4)]) {
      const result = await failure(() => engine.run(produced, length));
      const isRefused = (result as { code?: unknown }).code === "DF_RESULT_TOO_LARGE";
      if (!isRefused) expect(isWhole((result as { completed: Buffer }).completed, length)).toBe(true);
      refused.push(isRefused);
    }
    expect(refused).toEqual([...refused].sort()); // from some length on, all of them
    expect(new Set(refused)).toEqual(new Set([false, true]));
    await untilIdle(engine);
  });
});

test("an engine whose intake is full says so, and everything that it has accepted completes", async () => {
  const journal = new Journal();
  try {
    const engine = await start({ workers: 1, limits: { intakeMax: 50 } });
    const holder = await engine.submit(holding, journal.given("holder"));
    await until(() => journal.entries("started", "holder").length === 1);
    const accepted: Run<unknown>[] = [];
    const refused: unknown[] = [];
    for (let x = 0; x < 10_000; x++) {
      try {
        accepted.push(await engine.submit(quick, x));
      } catch (error) {
        refused.push((error as { code?: unknown }).code);
      }
    }
    expect(new Set(refused)).toEqual(new Set(["DF_QUEUE_FULL"]));
    expect(accepted.length).toBeLessThan(100); // 50 in the intake, 32 in the ready queue
    journal.openGate();
    await holder.result();
    expect(await Promise.all(accepted.map((run) => run.result()))).toEqual(accepted.map((_, x) => expectedQuick(x)));
    expect(await engine.run(quick, 7)).toEqual(expectedQuick(7));
  } finally {
    journal.openGate();
    journal.remove();
  }
});

test("submitAll() over 20,000 inputs keeps no more than `inFlight` under way, and gives each once", async () => {
  const engine = await start({ workers: 2, limits: { intakeMax: 200 } });
  let [given, ended, mostUnderWay, mostLive] = [0, 0, 0, 0];
  function* inputs(): Generator<number> {
    for (let x = 0; x < 20_000; x++) {
      given += 1;
      mostUnderWay = Math.max(mostUnderWay, given - ended);
      mostLive = Math.max(mostLive, usageOf(engine).liveRuns);
      yield x;
    }
  }
  const seen = new Uint8Array(20_000);
  for await (const settled of engine.submitAll(quick, inputs(), { inFlight: 100 })) {
    ended += 1;
    if (settled.status === "completed" && settled.output.sum === expectedQuick(settled.index).sum)
      seen[settled.index] = 1 + (seen[settled.index] ?? 0);
  }
  expect(ended).toBe(20_000);
  expect(seen.every((times) => times === 1)).toBe(true);
  expect(mostUnderWay).toBeLessThanOrEqual(100);
  expect(mostLive).toBeLessThanOrEqual(100);
});
