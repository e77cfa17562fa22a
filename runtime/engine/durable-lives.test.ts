/** What kills of whole processes are tested with is tested itself: with a store that keeps its promises for one life only. */
import { existsSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { bookingsOf } from "./fixtures/bank.fixture.js";
import { eventsOf } from "./fixtures/durable-history.fixture.js";
import { Lives } from "./fixtures/durable-lives.fixture.js";
import { type DurableCaseName, durableRun } from "./fixtures/durable-workflows.fixture.js";
import { Runtimes } from "./fixtures/spawn-runtime.fixture.js";

const runtimes = new Runtimes();
let lives: Lives;
beforeEach(() => {
  lives = new Lives(runtimes);
});
afterEach(async () => {
  await runtimes.end();
  lives.remove();
});

const orders = (name: DurableCaseName, runs: readonly number[]) => ({ store: "memory:", case: name, runs, sleepMs: 5 });

/** Starts that a run takes in which nothing dies: one a task, and one more for each of the two that stumble. */
const startsOf: Readonly<Record<DurableCaseName, number>> = { mixture: 32, once: 32, long: 200 };

describe("one life", () => {
  test.each<[DurableCaseName, readonly number[]]>([
    ["mixture", [1, 2, 3, 4]],
    ["once", [1, 2, 3]],
    ["long", [1]],
  ])("%s: every run gives its answer, and no promise is broken", async (name, runs) => {
    const { runtime, ended } = lives.begin(orders(name, runs));
    await runtime.waitForEnd();
    expect(await ended, runtime.output()).toEqual({ code: 0, signal: null });
    const { events, lines, requests } = lives.history();
    expect(lives.violations()).toEqual([]);
    expect(lines.filter(({ phase }) => phase === "start").length).toBe(runs.length * startsOf[name]);
    expect(lines.filter(({ phase }) => phase === "end").length).toBe(bookingsOf(requests).size);
    expect(bookingsOf(requests).size).toBe(runs.length * durableRun(name, 1).tasks.length);
    expect(
      eventsOf(events, "settled")
        .map(({ run, status }) => `${run} ${status}`)
        .sort(),
    ).toEqual(runs.map((number) => `${name}-${number} completed`));
  });
});

describe("a store that forgets is caught", () => {
  test("with all that it has forgotten", async () => {
    const first = lives.begin({ ...orders("mixture", [1, 2]), sleepMs: 100 });
    await first.runtime.killWhen("a nap has begun", () => lives.history().lines.some(({ task }) => task === "nap-0"));
    expect(await first.ended).toEqual({ code: null, signal: "SIGKILL" });
    const { committed, running } = lives.standing(first);
    expect(committed).toBeGreaterThanOrEqual(8);
    expect(running).toBeGreaterThan(0);

    const second = lives.begin(orders("mixture", [1, 2]));
    await second.runtime.waitForEnd();
    expect(await second.ended, second.runtime.output()).toEqual({ code: 0, signal: null });
    const found = lives.violations();
    for (const invariant of ["I1", "I3", "I6"]) expect(found).toContainEqual(expect.objectContaining({ invariant }));
    expect(new Set(found.map(({ run }) => run))).toEqual(new Set(["mixture-1", "mixture-2"]));
  });
});

describe("SpawnedRuntime", () => {
  const endless = { ...orders("mixture", [1]), sleepMs: 60_000 };

  test("ends by itself, or is killed at its deadline", async () => {
    const { runtime, ended } = lives.begin(endless);
    await expect(runtime.waitForEnd(200)).rejects.toThrow("within 200 ms: it ended with SIGKILL");
    expect(await ended).toEqual({ code: null, signal: "SIGKILL" });
  });

  test("is not waited for in vain", async () => {
    const { runtime } = lives.begin(orders("mixture", [1]));
    await expect(runtime.waitUntil("the impossible", () => false)).rejects.toThrow("its process must live until then: it ended with 0");
    const { runtime: other } = lives.begin(endless);
    await expect(other.waitUntil("the impossible", () => false, 100)).rejects.toThrow("within 100 ms: it lives");
  });

  test("says what its program printed", async () => {
    const { runtime, ended } = lives.begin({ ...orders("mixture", [1]), store: "nowhere:" });
    expect(await ended).toEqual({ code: 3, signal: null });
    expect(runtime.output()).toContain("DF_STORE_UNSUPPORTED");
    expect(eventsOf(lives.history().events, "died").map(({ pid }) => pid)).toEqual([runtime.pid]);
  });

  test("leaves nothing behind", async () => {
    const { runtime } = lives.begin(endless);
    await runtime.waitUntil("it has begun to work", () => lives.history().lines.length > 0);
    await runtimes.end();
    expect(runtime.hasEnded).toBe(true);
    expect(() => process.kill(runtime.pid, 0)).toThrow("ESRCH");
    expect(existsSync(runtime.folder)).toBe(false);
  });
});
