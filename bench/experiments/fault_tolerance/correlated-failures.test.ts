import { expect, test } from "vitest";
import { LatencyHistogram } from "../../harness/latency-histogram.js";
import { hasRedisServer } from "../../harness/redis-server.js";
import type { BarPicture } from "../../report/plots/picture.js";
import correlated from "./correlated-failures.js";
import { handMade, samplesOf, summaryOf, variantsOf } from "./fixtures/trial.fixture.js";

const hasRedis = hasRedisServer();
if (!hasRedis) console.warn("SKIPPED outages of a store under load: redis-server is not installed");

const config = { runs_per_second: 100, load_ms: 400, outage_ms: 100 };
const onThreads = variantsOf(correlated, { ...config, faults: ["none", "exit", "oom", "poison"] });
const onRedis = variantsOf(correlated, { ...config, faults: ["redis-none", "redis-stop", "redis-kill"] });

test("lost threads cost innocent runs time and nothing else", async () => {
  const samples = await samplesOf(correlated, onThreads);
  expect(correlated.check?.(samples)).toEqual([]);
  for (const { facts, shares, latencies } of samples) {
    expect(shares?.found).toEqual({ hits: facts?.accepted, of: facts?.accepted });
    expect(LatencyHistogram.merged([latencies!.lateness!]).count).toBe(facts?.accepted);
  }
  expect(samples.map(({ metrics }) => Number(metrics?.recoveryMs) > 0)).toEqual([false, true, true, true]);
}, 60_000);

test.skipIf(!hasRedis && process.env.CI !== "true")(
  "outages of the store cost time and nothing else",
  async () => {
    const samples = await samplesOf(correlated, onRedis);
    expect(correlated.check?.(samples)).toEqual([]);
    for (const { facts, shares } of samples) expect(shares?.found).toEqual({ hits: facts?.accepted, of: facts?.accepted });
    expect(samples.map(({ metrics }) => Number(metrics?.recoveryMs) > 0)).toEqual([false, true, true]);
  },
  60_000,
);

test("an innocent run that failed or was lost is a problem", () => {
  const bad = handMade("exit", { shares: { completed: { hits: 9, of: 10 }, found: { hits: 10, of: 10 } } });
  expect(correlated.check?.([bad, handMade("oom", { absent: "why" })])).toEqual([
    "exit, round 0: of 10 accepted innocent runs 9 were completed",
  ]);
});

test("the headline and the pictures tell of each fault", () => {
  const variants = [...onThreads, ...onRedis];
  const shares = { completed: { hits: 10, of: 10 } };
  const samples = variants.map(({ key }) =>
    handMade(key, { shares, metrics: { worstMs: 50, ...(!key.endsWith("none") && { recoveryMs: 120 }) } }),
  );
  const summary = summaryOf(correlated, variants, samples);
  expect(correlated.headline(summary)).toMatch(
    /^50 of 50 innocent runs completed; a task ends its thread: 120 ms from the end of the thread to the next attempt, worst wait of others 50\.0 ms;/,
  );
  const [recovery, waits] = correlated.figure(summary, []) as [BarPicture, BarPicture]; // as: they are two of this kind
  expect(recovery.bars.map(({ name }) => name)).toEqual([
    "a task ends its thread: from the end of the thread to the next attempt",
    "a task fills the heap: from when the heap begins to fill to the next attempt",
    "a run ends its thread each time: from the submission of that run to its failure",
    "Redis stands still: from when it goes on until no run of the outage is left",
    "Redis is killed: from when its restart begins until no run of the outage is left",
  ]);
  expect(waits.bars).toHaveLength(7);
});

test("nothing measured is said and drawn as gaps", () => {
  for (const some of [onThreads, []]) {
    const summary = summaryOf(correlated, some, []);
    expect(correlated.headline(summary)).toBe("not measured");
    expect(correlated.figure(summary, [])).toHaveLength(2);
  }
});
