/**
 * A Redis server dies, stands still, stays away, is replaced by one that knows less, or refuses writes, while an engine has runs under way
 * (T36, T37, T39, T40). DF_FAULT_WHOLE=1 has them do so more often.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import { RedisProxy } from "../faults/redis-proxy.fixture.js";
import { durable, lacksRedis, RedisServer, type RedisSettings } from "../faults/redis-server.fixture.js";
import { keysOf } from "../stores/redis/layout.js";
import { eventsOf } from "./fixtures/durable-history.fixture.js";
import { type Life, Lives } from "./fixtures/durable-lives.fixture.js";
import { type DurableOrders, exitOfLost } from "./fixtures/durable-orders.fixture.js";
import type { Violation } from "./fixtures/history.fixture.js";
import { seeded } from "./fixtures/seeded.fixture.js";
import { Runtimes } from "./fixtures/spawn-runtime.fixture.js";

const isWhole = process.env.DF_FAULT_WHOLE === "1";
const seed = Number(process.env.DF_FAULT_SEED ?? 1);
const restarts = isWhole ? 20 : 4;
/** Longer than a reply is waited for. */
const stillMs = 5_000;
const lifeMsMax = 60_000;
const [meta, log] = keysOf("main");

type Orders = Omit<DurableOrders, "folder">;

const runtimes = new Runtimes();

describe.skipIf(lacksRedis("outages of Redis servers under an engine"))("an engine on a Redis server", { timeout: 180_000 }, () => {
  const ends: (() => unknown)[] = [];
  afterEach(async () => {
    await runtimes.end();
    for (const end of ends.splice(0).reverse()) await end();
  });

  async function startServer(settings: RedisSettings = durable): Promise<RedisServer> {
    const server = await RedisServer.start(settings);
    ends.push(() => server.remove());
    return server;
  }
  async function startProxy(port: () => number): Promise<RedisProxy> {
    const proxy = await RedisProxy.start(port);
    ends.push(() => proxy.close());
    return proxy;
  }
  function newLives(): Lives {
    const lives = new Lives(runtimes);
    ends.push(() => lives.remove());
    return lives;
  }
  const ordersFor = (port: number, more: Partial<Orders> = {}): Orders => ({
    ...{ store: `redis://127.0.0.1:${port}`, durability: "disk", commit: "strict", case: "mixture", runs: [1, 2, 3, 4], sleepMs: 5 },
    ...more,
  });

  test(`is not disturbed when its server is killed and started again ${restarts} times, seed ${seed}`, async () => {
    const random = seeded(seed);
    const server = await startServer();
    const lives = newLives();
    const orders = ordersFor(server.port, { runs: range(2 * restarts), sleepMs: 20 });
    const life = lives.begin(orders);
    await someDone(lives, life, 5);
    for (let restart = 0; restart < restarts; restart++) {
      expect(life.runtime.hasEnded, "all was done before the last restart").toBe(false);
      await server.kill("SIGKILL");
      await sleep(random() * 200);
      await server.restart();
      await life.runtime.endWithin(random() * 150);
    }
    await expectDone(lives, life, orders);
    expect(lives.violations()).toEqual([]);
  });

  test("goes on, and does nothing twice, when its server stood still for longer than a reply may take", async () => {
    const server = await startServer();
    const lives = newLives();
    const orders = ordersFor(server.port);
    const life = lives.begin(orders);
    await someDone(lives, life, 10);
    server.suspend();
    const before = lives.history().lines.length;
    await sleep(stillMs);
    // What was committed before it stood still may have made some tasks start; none of those has made others start.
    expect(lives.history().lines.length - before).toBeLessThan(60);
    expect(life.runtime.hasEnded).toBe(false);
    server.resume();
    await expectDone(lives, life, orders);
    expect(lives.violations()).toEqual([]);
  });

  test("ends as DF_STORE_UNAVAILABLE when its server stays away, and the next one resumes what is unfinished", async () => {
    const server = await startServer();
    const lives = newLives();
    const life = lives.begin(ordersFor(server.port, { storeWaitMs: 500 }));
    await someDone(lives, life, 10);
    await server.kill("SIGKILL");
    await expectLost(life, "DF_STORE_UNAVAILABLE");
    await server.restart();
    const orders = ordersFor(server.port);
    await expectDone(lives, lives.begin(orders), orders);
    expect(lives.violations()).toEqual([]);
    expect(lives.history().lines.filter(({ pid }) => pid === life.runtime.pid).length).toBeGreaterThan(10);
  });

  test.each([
    ["has no memory left", "DF_STORE_FULL", { maxmemory: "1" }, { maxmemory: "0" }],
    ["misses a replica", "DF_STORE_UNAVAILABLE", { "min-replicas-to-write": "1" }, { "min-replicas-to-write": "0" }],
  ])("waits for a server that %s, and ends as %s when that lasts", async (_, code, bad, good) => {
    const server = await startServer();
    const set = (settings: object) =>
      Promise.all(Object.entries(settings).map(([name, value]) => server.command("config", "set", name, value)));
    const lives = newLives();
    const life = lives.begin(ordersFor(server.port, { storeWaitMs: 1_500 }));
    await someDone(lives, life, 10);
    await set(bad);
    await sleep(300);
    await set(good);
    await someDone(lives, life, 5);
    await set(bad);
    await expectLost(life, code);
    await set(good);
    const orders = ordersFor(server.port);
    await expectDone(lives, lives.begin(orders), orders);
    expect(lives.violations()).toEqual([]);
  });

  test("ends as DF_STORE_ROLLED_BACK when a replica that lacks commits took its server's place; the next one does again what was lost", async () => {
    const master = await startServer({ ...durable, "repl-diskless-sync-delay": "0" });
    const toMaster = await startProxy(() => master.port);
    const replica = await startServer({ ...durable, replicaof: ["127.0.0.1", `${toMaster.port}`] });
    await until(async () => String(await replica.command("info", "replication")).includes("master_link_status:up"));
    let port = master.port;
    const proxy = await startProxy(() => port);
    const lives = newLives();
    const orders = ordersFor(proxy.port);
    const life = lives.begin(orders);
    await until(async () => Number(await replica.command("hlen", log)) > 5);
    await toMaster.close(); // from now on the replica learns nothing
    await someDone(lives, life, 10);
    const acknowledged = Number(await master.command("hget", meta, "next"));
    await master.kill("SIGKILL");
    await replica.command("replicaof", "no", "one");
    port = replica.port;
    await expectLost(life, "DF_STORE_ROLLED_BACK");
    expect(Number(await replica.command("hget", meta, "next"))).toBeLessThan(acknowledged);
    await expectDone(lives, lives.begin(orders), orders);
    // What the server has lost is missed, and happens again: that cannot be otherwise. Nothing else may be wrong.
    expect(lives.violations().filter((violation) => !isOfLoss(violation))).toEqual([]);
    const settled = eventsOf(lives.events(), "settled");
    expect(new Set(settled.map(({ run }) => run)).size).toBe(orders.runs.length);
  });
});

/** Results, effects outside and fences are as they must be, whatever was lost. */
const isOfLoss = ({ invariant }: Violation): boolean => !["R", "B", "I6"].includes(invariant);

const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

/** Waits until so many more tasks have ended. */
async function someDone(lives: Lives, { runtime }: Life, more: number): Promise<void> {
  const ended = () => lives.history().lines.filter(({ phase }) => phase === "end").length;
  const enough = ended() + more;
  await runtime.waitUntil(`${more} more tasks have ended`, () => ended() >= enough, lifeMsMax);
}

/** A life comes to its end, and so does one after it, which is told the same. */
async function expectDone(lives: Lives, life: Life, orders: Orders): Promise<void> {
  await expectEnd(life);
  await expectEnd(lives.begin(orders));
}

async function expectEnd({ runtime, ended }: Life): Promise<void> {
  await runtime.waitForEnd(lifeMsMax);
  expect(await ended, runtime.output()).toEqual({ code: 0, signal: null });
}

async function expectLost({ runtime, ended }: Life, code: string): Promise<void> {
  await runtime.waitForEnd(lifeMsMax);
  expect(await ended, runtime.output()).toEqual({ code: exitOfLost, signal: null });
  expect(runtime.output()).toContain(code);
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  const giveUpAt = performance.now() + 30_000;
  while (!(await isSo().catch(() => false))) {
    if (performance.now() > giveUpAt) throw new Error("it does not come to that");
    await sleep(10);
  }
}
