import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { durableStoreNames, missingFor, type OpenStore, openDurableStore } from "./fixtures/durable-stores.fixture.js";
import { killAtRandom } from "./fixtures/random-kills.fixture.js";
import { Runtimes } from "./fixtures/spawn-runtime.fixture.js";

/** More for a long look: DF_FAULT_KILLS=1000; `npm run test:kills` leaves a report. */
const rounds = Number(process.env.DF_FAULT_KILLS ?? (process.env.DF_FAULT_WHOLE === "1" ? 25 : 6));
/** Printed with the test's name: the same seed makes the same choices. */
const seed = Number(process.env.DF_FAULT_SEED ?? 1);
const msPerRound = 6000;

const runtimes = new Runtimes();

describe.each(durableStoreNames)("on %s", (name) => {
  const missing = missingFor(name);
  if (missing !== undefined) {
    console.warn(`SKIPPED random kills of processes on ${name}: ${missing}`);
    test.skipIf(process.env.CI !== "true")(`${name} is there`, () => expect(missing).toBe(undefined));
    return;
  }

  let store: OpenStore;
  beforeEach(async () => {
    store = await openDurableStore(name);
  });
  afterEach(async () => {
    await runtimes.end();
    await store.remove();
  });

  test.each(["strict", "pipelined"] as const)(
    `%s: ${rounds} kills at random moments take nothing along, seed ${seed}`,
    {
      timeout: 60_000 + rounds * msPerRound,
    },
    async (commit) => {
      const found = await killAtRandom({ rounds, seed, orders: { ...store.orders, commit }, runtimes });
      expect(found.lost).toEqual([]);
      expect(found.violations).toEqual([]);
      expect(found.completed).toBe(found.runs);
      expect(found.killsAtWork).toBe(rounds);
    },
  );
});
