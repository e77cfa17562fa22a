import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DataFlower, type Engine, type EngineOptions } from "dataflower";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { built } from "./fixtures/built.fixture.js";
import { readLedger } from "./fixtures/ledger.fixture.js";
import { failure } from "./fixtures/outcome.fixture.js";
import type * as Fixture from "./fixtures/reservations.fixture.js";
import { until, untilIdle, usageOf } from "./fixtures/usage.fixture.js";

const { holds, holdsSoftly, leaving, nothing, one, two, wants } = await built<typeof Fixture>("reservations");
const workflows = [holds, holdsSoftly, leaving, nothing, one, two];

let folder: string;
let ledger: string;
const engines: Engine[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "reservations-"));
  ledger = join(folder, "ledger");
});
afterEach(async () => {
  openGate();
  await Promise.all(engines.splice(0).map((engine) => engine.close({ grace: 0 })));
  rmSync(folder, { recursive: true, force: true });
});

async function start(options: EngineOptions): Promise<Engine> {
  const limits = { cpusMax: 2, memoryMax: "1MiB" } as const;
  const engine = await DataFlower.start({ store: "memory:", workflows, limits, ...options });
  engines.push(engine);
  return engine;
}

const openGate = () => writeFileSync(join(folder, "gate"), "");
const starts = (run: string) => readLedger(ledger).filter((line) => line.run === run && line.phase === "start").length;
const nameOf = (task: string) => task.replace(/\[.*/, "") as Fixture.Want;
const kibibytes = (size: string) => Number.parseInt(size, 10);

/** Most cores and KiB that were in use at a time, by what the tasks have noted. */
function mostInUse(): { cpus: number; memory: number } {
  const now = { cpus: 0, memory: 0 };
  const most = { cpus: 0, memory: 0 };
  for (const { task, phase } of readLedger(ledger)) {
    const want: { cpus?: number; memory?: string } = wants[nameOf(task)];
    const sign = phase === "start" ? 1 : -1;
    now.cpus += sign * (want.cpus ?? 0);
    now.memory += sign * kibibytes(want.memory ?? "0");
    most.cpus = Math.max(most.cpus, now.cpus);
    most.memory = Math.max(most.memory, now.memory);
  }
  return most;
}

/** Nothing is left reserved, and nobody waits. */
async function expectAllGivenBack(engine: Engine): Promise<void> {
  await untilIdle(engine);
  await until(() => usageOf(engine).reserved.every(({ cpus, memory }) => cpus + memory === 0));
  expect(usageOf(engine).waitingForRoom).toBe(0);
}

describe.each([0, 1, 2, 3])("with %i workers", (workers) => {
  test("tasks start only while the cores and the memory that they reserve are there, synchronous ones and others", async () => {
    const engine = await start({ workers });
    const use = { ledger, ms: 1 };
    const runs = [holds, holdsSoftly, holds, holdsSoftly].map((workflow) => engine.run(workflow, use));
    const right = new Array(8).fill(Object.keys(wants).map(() => 1));
    expect(await Promise.all(runs)).toEqual([right, right, right, right]);
    expect(mostInUse()).toEqual({ cpus: 2, memory: 900 });
    await expectAllGivenBack(engine);
  });
});

test("what reserves nothing does not wait for what does", async () => {
  const engine = await start({ workers: 1 });
  const holding = await engine.submit(two, { ledger, folder });
  await until(() => starts(holding.id) === 1);
  const waiting = await engine.submit(one, { ledger, folder });
  await until(() => usageOf(engine).waitingForRoom === 1);
  const free = await engine.submit(nothing, { ledger, folder });
  await until(() => starts(free.id) === 1);
  expect(starts(waiting.id)).toBe(0);
  openGate();
  expect(await Promise.all([holding, waiting, free].map((run) => run.result()))).toEqual([1, 1, 1]);
  await expectAllGivenBack(engine);
});

test("a run that is cancelled while its task waits for room never starts it, and lets those behind it go on", async () => {
  const engine = await start({ workers: 2 });
  const holding = await engine.submit(one, { ledger, folder });
  await until(() => starts(holding.id) === 1);
  const waiting = await engine.submit(two, { ledger, folder });
  await until(() => usageOf(engine).waitingForRoom === 1);
  const behind = await engine.submit(one, { ledger, folder });
  await until(() => usageOf(engine).tickets === 0);
  expect(starts(behind.id)).toBe(0);
  waiting.cancel("no longer wanted");
  await until(() => starts(behind.id) === 1);
  expect(await failure(() => waiting.result())).toMatchObject({ code: "DF_CANCELLED" });
  openGate();
  expect(await Promise.all([holding.result(), behind.result()])).toEqual([1, 1]);
  expect(starts(waiting.id)).toBe(0);
  await expectAllGivenBack(engine);
});

test("a run that is cancelled while its task executes gives back what that has reserved", async () => {
  const engine = await start({ workers: 1 });
  const holding = await engine.submit(two, { ledger, folder });
  await until(() => starts(holding.id) === 1);
  const waiting = await engine.submit(two, { ledger, folder });
  await until(() => usageOf(engine).waitingForRoom === 1);
  holding.cancel("no longer wanted");
  await until(() => starts(waiting.id) === 1);
  openGate();
  expect(await waiting.result()).toBe(1);
  await expectAllGivenBack(engine);
});

test.each(["exit", "loop"] as const)("a thread that ends takes no cores along: %s", async (how) => {
  const engine = await start({ workers: 2 });
  openGate();
  const lost = await engine.submit(leaving, { ledger, how });
  await until(() => starts(lost.id) === 1);
  const others = await Promise.all([two, one, two].map((workflow) => engine.submit(workflow, { ledger, folder })));
  expect(await Promise.all(others.map((run) => run.result()))).toEqual([1, 1, 1]);
  expect(await lost.result()).toBe(2);
  expect(usageOf(engine).recoveries.length).toBe(1);
  await expectAllGivenBack(engine);
});

test.each([
  ["cpus", { cpusMax: 1.5 }],
  ["memory", { memoryMax: "599KiB" }],
] as const)("a workflow whose task could never start for want of %s is refused", async (option, limits) => {
  const refused = expect.objectContaining({ code: "DF_OPTION_INVALID", message: expect.stringContaining(`option ${option} of task `) });
  await expect(DataFlower.start({ workers: 1, store: "memory:", workflows: [holds], limits })).rejects.toEqual(refused);
  const engine = await start({ workers: 1, workflows: [], limits });
  await expect(engine.submit(holds, { ledger, ms: 0 })).rejects.toEqual(refused);
  openGate();
  expect(await engine.run(nothing, { ledger, folder })).toBe(1);
});
