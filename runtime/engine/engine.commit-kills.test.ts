/**
 * Threads of workers are terminated while commits are under way (T34): the store is in nobody's way, and every run ends as it must.
 * DF_FAULT_WHOLE=1 terminates 300 of them on each store.
 */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { eventsOf } from "./fixtures/durable-history.fixture.js";
import { Lives } from "./fixtures/durable-lives.fixture.js";
import { durableStoreNames, missingFor, type OpenStore, openDurableStore } from "./fixtures/durable-stores.fixture.js";
import { Runtimes } from "./fixtures/spawn-runtime.fixture.js";

const isWhole = process.env.DF_FAULT_WHOLE === "1";
const seed = Number(process.env.DF_FAULT_SEED ?? 1);
const kills = isWhole ? 300 : 30;
const runs = Array.from({ length: isWhole ? 200 : 60 }, (_, index) => index + 1);

const runtimes = new Runtimes();

describe.each(durableStoreNames)("on %s", (name) => {
  const missing = missingFor(name);
  if (missing !== undefined) {
    console.warn(`SKIPPED terminated threads on ${name}: ${missing}`);
    test.skipIf(process.env.CI !== "true")(`${name} is there`, () => expect(missing).toBe(undefined));
    return;
  }

  let store: OpenStore;
  let lives: Lives;
  beforeEach(async () => {
    store = await openDurableStore(name);
    lives = new Lives(runtimes);
  });
  afterEach(async () => {
    await runtimes.end();
    await store.remove();
    lives.remove();
  });

  test(`${kills} threads that end at random moments take no commit along, seed ${seed}`, { timeout: 60_000 + kills * 2_000 }, async () => {
    const terminate = { count: kills, seed, withinMs: 30 };
    const life = lives.begin({ ...store.orders, commit: "strict", case: "mixture", runs, sleepMs: 5, terminate });
    await life.runtime.waitForEnd(50_000 + kills * 2_000);
    expect(await life.ended, life.runtime.output()).toEqual({ code: 0, signal: null });
    expect(lives.violations()).toEqual([]);
    expect(eventsOf(lives.events(), "thread-died").length).toBeGreaterThanOrEqual(kills);
    expect(eventsOf(lives.events(), "settled").length).toBe(runs.length);
  });
});
