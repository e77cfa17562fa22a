/**
 * The wall clock jumps, forth and back, while retries, waits and leases are pending, and while nobody lives: every run ends as it must, and
 * none waits for the clock to come back. Timers of one life go by the monotonic clock; what is stored goes by the wall clock.
 */
import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { builtUrl } from "./fixtures/built.fixture.js";
import { Lives } from "./fixtures/durable-lives.fixture.js";
import { durableStoreNames, missingFor, type OpenStore, openDurableStore } from "./fixtures/durable-stores.fixture.js";
import { Runtimes } from "./fixtures/spawn-runtime.fixture.js";

const hour = 3_600_000;
const day = 24 * hour;
/** In ms. Runs that have ended are kept for seven days by the wall clock: a jump beyond that has them forgotten, as it must. */
const jumps = process.env.DF_FAULT_WHOLE === "1" ? [hour, -hour, day, 0, -day, 3 * day, -hour, -3 * day, day] : [-day, day];
const preload = fileURLToPath(builtUrl("runtime/engine/fixtures/clock-offset.fixture")).replace(/\.js$/, ".cjs");

const runtimes = new Runtimes();

describe.each(durableStoreNames)("on %s", (name) => {
  const missing = missingFor(name);
  if (missing !== undefined) {
    console.warn(`SKIPPED clocks that jump on ${name}: ${missing}`);
    test.skipIf(process.env.CI !== "true")(`${name} is there`, () => expect(missing).toBe(undefined));
    return;
  }

  let store: OpenStore;
  let folder: string;
  let lives: Lives;
  beforeEach(async () => {
    store = await openDurableStore(name);
    folder = mkdtempSync(join(tmpdir(), "clock-"));
    setClock(0);
    const env = { DF_TEST_CLOCK: join(folder, "offset"), NODE_OPTIONS: `--require ${JSON.stringify(preload)}` };
    lives = new Lives(runtimes, () => env);
  });
  afterEach(async () => {
    await runtimes.end();
    await store.remove();
    lives.remove();
    rmSync(folder, { recursive: true });
  });

  /** At once, for all who look. */
  function setClock(offsetMs: number): void {
    writeFileSync(join(folder, "new"), String(offsetMs));
    renameSync(join(folder, "new"), join(folder, "offset"));
  }

  const ends = () => lives.history().lines.filter(({ phase }) => phase === "end").length;

  test("a clock that jumps while runs are under way, and between the lives of an engine, delays nothing", {
    timeout: 120_000,
  }, async () => {
    const orders = { ...store.orders, commit: "strict", case: "mixture", runs: [1, 2, 3, 4], sleepMs: 30 } as const;
    for (const [index, jump] of jumps.entries()) {
      const life = lives.begin(orders);
      // Attempts that are to be repeated wait for 20 ms: the life ends while some of them do.
      const enough = ends() + 8;
      await life.runtime.waitUntil("some tasks have ended", () => ends() >= enough || life.runtime.hasEnded);
      setClock(jump);
      await life.runtime.endWithin(30);
      await life.runtime.kill();
      await life.ended;
      setClock(-(jumps[index + 1] ?? day)); // what it has stored is of another time now
    }
    for (let life = 0; life < 2; life++) {
      const { runtime, ended } = lives.begin(orders);
      await runtime.waitForEnd(60_000);
      expect(await ended, runtime.output()).toEqual({ code: 0, signal: null });
    }
    expect(lives.violations()).toEqual([]);
  });
});
