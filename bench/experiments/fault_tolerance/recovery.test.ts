import { expect, test } from "vitest";
import { hasRedisServer } from "../../harness/redis-server.js";
import type { LinePicture } from "../../report/plots/picture.js";
import { factsOf, type LedgerLine } from "../../workloads/steps.js";
import { handMade, samplesOf, summaryOf, variantsOf } from "./fixtures/trial.fixture.js";
import recovery from "./recovery.js";

const hasRedis = hasRedisServer();
if (!hasRedis) console.warn("SKIPPED kills of runs on Redis: redis-server is not installed");

const config = { steps: 10, kernel_repeats: 100, killed_at: [0.5], checkpoint_intervals: [1, 4], bullmq_lock_ms: 300 };
const local = variantsOf(recovery, { ...config, systems: ["lmdb", "lmdb-pipelined", "scratch"] });
const onRedis = variantsOf(recovery, { ...config, systems: ["redis", "bullmq"] });

test("a checkpoint is as long as its task; only LMDB is tried with several", () => {
  expect([...local, ...onRedis].map(({ key }) => key)).toEqual([
    "lmdb, every 1, 5 of 10",
    "lmdb, every 4, 5 of 10",
    "lmdb-pipelined, every 1, 5 of 10",
    "scratch, every 1, 5 of 10",
    "redis, every 1, 5 of 10",
    "bullmq, every 1, 5 of 10",
  ]);
});

test("a killed run is gone on with where its last checkpoint was", async () => {
  const samples = await samplesOf(recovery, local);
  expect(samples.map(({ metrics }) => metrics?.stepsRepeated)).toEqual([0, 1, expect.any(Number), 5]);
  expect(recovery.check?.(samples)).toEqual([]);
  expect(new Set(samples.map(({ facts }) => facts?.value)).size).toBe(1);
}, 60_000);

test.skipIf(!hasRedis && process.env.CI !== "true")(
  "Redis keeps a killed run, and BullMQ its jobs",
  async () => {
    const samples = await samplesOf(recovery, onRedis);
    expect(samples.map(({ metrics }) => metrics?.stepsRepeated)).toEqual([0, expect.any(Number)]);
    expect(recovery.check?.(samples)).toEqual([]);
  },
  60_000,
);

const done = (pid: number, step: number): LedgerLine => ({ pid, step, fromMs: 10 * step, toMs: 10 * step + 4 });
const death: LedgerLine = { pid: 1, step: 2, fromMs: 99, died: true };

test("what was done before the death and again after it is lost", () => {
  expect(factsOf([done(1, 0), done(1, 1), death, done(2, 1), done(2, 2)], 3, 2)).toEqual({ diedMs: 99, repeated: 1, lostMs: 4 });
});

test.each([
  ["lacks a step", [done(1, 0), done(1, 1), death]],
  ["has no death", [done(1, 0), done(1, 1), done(2, 2)]],
  ["died elsewhere", [done(1, 0), { ...death, step: 1 }, done(2, 1), done(2, 2)]],
  ["died twice", [done(1, 0), done(1, 1), death, death, done(2, 2)]],
])("a run does not count that %s", (_, lines) => expect(() => factsOf(lines, 3, 2)).toThrow("Cannot count this"));

test("steps repeated beyond the task in progress are a problem", () => {
  const sample = (stepsRepeated: number) => handMade("lmdb, every 4, 5 of 10", { metrics: { stepsRepeated }, facts: { diesBefore: 5 } });
  expect(recovery.check?.([sample(1), handMade("redis, every 1, 5 of 10", { absent: "why" })])).toEqual([]);
  expect(recovery.check?.([sample(5)])).toEqual([
    "lmdb, every 4, 5 of 10, round 0: 1 steps of the task in progress must be repeated, not 5",
  ]);
});

test("the headline tells of the latest kill, the pictures of all", () => {
  const metrics = { recoveryMs: 700, stepsRepeated: 5, lostMs: 40 };
  const summary = summaryOf(
    recovery,
    local,
    local.map(({ key }) => handMade(key, { metrics })),
  );
  expect(recovery.headline(summary)).toMatch(
    /^killed at 50\.0 % of 10 steps, done after: LMDB, a checkpoint every step 700 ms, 5\.00 steps again; LMDB, a checkpoint every 4 steps/,
  );
  const [time, lost] = recovery.figure(summary, []) as [LinePicture, LinePicture]; // as: they are two of this kind
  expect(time.lines[0]?.points).toEqual([{ x: 50, y: { median: 700, low: 700, high: 700 } }]);
  expect(lost.lines).toHaveLength(4);
});

test("nothing measured is said and drawn as gaps", () => {
  for (const some of [local, []]) {
    const summary = summaryOf(recovery, some, []);
    expect(recovery.headline(summary)).toBe("not measured");
    expect(recovery.figure(summary, [])).toHaveLength(2);
  }
});
