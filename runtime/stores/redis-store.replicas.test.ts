/** Replicas: commits that wait for them, and masters that are replaced by one that has less. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import { RedisProxy } from "../faults/redis-proxy.fixture.js";
import { durable, lacksRedis, RedisServer } from "../faults/redis-server.fixture.js";
import { codeOf, commitAll, commitAt, differences, options, refusal, timing } from "./redis/journal.fixture.js";
import { keysOf } from "./redis/layout.js";
import { connectRedisWith } from "./redis-store.js";
import type { Store, StoreOptions } from "./store.js";

const [meta, log] = keysOf("main");

describe.skipIf(lacksRedis("replicas of Redis servers"))("a Redis store with replicas", { timeout: 60_000 }, () => {
  const ends: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });

  async function startServer(settings = {}): Promise<RedisServer> {
    const server = await RedisServer.start({ ...durable, "repl-diskless-sync-delay": "0", ...settings });
    ends.push(() => server.remove());
    return server;
  }
  async function startProxy(port: () => number): Promise<RedisProxy> {
    const proxy = await RedisProxy.start(port);
    ends.push(() => proxy.close());
    return proxy;
  }
  async function startReplica(masterPort: number): Promise<RedisServer> {
    const replica = await startServer({ replicaof: ["127.0.0.1", `${masterPort}`] });
    await until(async () => String(await replica.command("info", "replication")).includes("master_link_status:up"));
    return replica;
  }
  async function connect(url: string, more: Partial<StoreOptions> = {}): Promise<Store> {
    const store = await connectRedisWith(url, { ...options, ...more }, timing);
    ends.push(() => store.close());
    return store;
  }

  test("a replica that lacks commits and takes the master's place is noticed", async () => {
    const master = await startServer();
    const toMaster = await startProxy(() => master.port);
    const replica = await startReplica(toMaster.port);
    let port = master.port;
    const proxy = await startProxy(() => port);
    const store = await connect(`redis://127.0.0.1:${proxy.port}`);
    const journal = await store.open("main");
    await commitAll(journal, 1, 5);
    await until(async () => (await replica.command("hlen", log)) === 5);
    await toMaster.close(); // from now on the replica learns nothing
    await commitAll(journal, 6, 8);
    await master.kill("SIGKILL");
    await replica.command("replicaof", "no", "one");
    port = replica.port;
    const { code, text } = await refusal(journal.commit(commitAt(9)));
    expect(code).toBe("DF_STORE_ROLLED_BACK");
    expect(text).toContain("up to position 8");
    expect(await replica.command("hlen", log)).toBe(5);
    await store.close();
    // What was lost is written again by the next owner.
    const next = await (await connect(replica.url)).open("main");
    expect(next).toMatchObject({ next: 6, wasClosed: false });
    await commitAll(next, 6, 9);
    expect(await differences(next, 1, 9)).toEqual([]);
  });

  test("a replica that lacks the newest owner is noticed by it, also when it commits nothing", async () => {
    const master = await startServer();
    const toMaster = await startProxy(() => master.port);
    const replica = await startReplica(toMaster.port);
    let port = master.port;
    const proxy = await startProxy(() => port);
    const url = `redis://127.0.0.1:${proxy.port}`;
    const first = await (await connect(url)).open("main");
    await commitAll(first, 1, 2);
    await first.close();
    await until(async () => (await replica.command("hexists", meta, "owner")) === 0);
    await toMaster.close();
    const store = await connect(url);
    const second = await store.open("main");
    await master.kill("SIGKILL");
    await replica.command("replicaof", "no", "one");
    port = replica.port;
    await sleep(2 * timing.renewMs + 500);
    await replica.command("hset", meta, "fence", "2"); // only its timer has seen what was there before
    expect(await codeOf(second.commit(commitAt(3)))).toBe("DF_STORE_ROLLED_BACK");
  });

  test("a commit is settled when a replica has it", async () => {
    const master = await startServer();
    const replica = await startReplica(master.port);
    const journal = await (await connect(master.url, { durability: "replicated" })).open("main");
    for (let position = 1; position <= 20; position++) {
      await journal.commit(commitAt(position));
      expect(await replica.command("hget", meta, "next")).toBe(`${position + 1}`);
    }
    await replica.kill("SIGKILL");
    let isSettled = false;
    const pending = journal.commit(commitAt(21)).finally(() => {
      isSettled = true;
    });
    await sleep(timing.commandMs);
    expect(isSettled).toBe(false);
    await replica.restart();
    await pending;
    expect(await replica.command("hget", meta, "next")).toBe("22");
    expect(await differences(journal, 1, 21)).toEqual([]);
  });

  test("a commit whose reply was lost is not taken for one that a replica has", async () => {
    const master = await startServer();
    const toMaster = await startProxy(() => master.port);
    const replica = await startReplica(toMaster.port);
    const proxy = await startProxy(() => master.port);
    const url = `redis://127.0.0.1:${proxy.port}`;
    const journal = await (await connect(url, { durability: "replicated", unavailableMsMax: 2_000 })).open("main");
    await commitAll(journal, 1, 3);
    replica.suspend(); // it stays connected, and acknowledges nothing
    proxy.only = "evalsha";
    proxy.mode = { kind: "drop replies" };
    const pending = codeOf(journal.commit(commitAt(4)));
    await until(async () => (await master.command("hget", meta, "next")) === "5");
    proxy.mode = { kind: "pass" };
    expect(await pending).toBe("DF_STORE_UNAVAILABLE");
    replica.resume();
  });

  test("fewer replicas than asked for are given up after a while", async () => {
    const master = await startServer();
    await startReplica(master.port);
    const store = await connect(master.url, { durability: "replicated", replicas: 2, unavailableMsMax: 600 });
    const { code, text } = await refusal((await store.open("main")).commit(commitAt(1)));
    expect(code).toBe("DF_STORE_UNAVAILABLE");
    expect(text).toMatch(/[01] of 2 replicas/);
  });

  test("goes on with the master that the sentinels have chosen", async () => {
    const master = await startServer();
    const replica = await startReplica(master.port);
    const sentinel = await RedisServer.startSentinel((folder, port) => {
      const file = join(folder, "sentinel.conf");
      const lines = [`port ${port}`, "bind 127.0.0.1", `dir ${folder}`, `sentinel monitor main 127.0.0.1 ${master.port} 1`];
      lines.push("sentinel down-after-milliseconds main 500", "sentinel failover-timeout main 3000");
      writeFileSync(file, `${lines.join("\n")}\n`);
      return file;
    });
    ends.push(() => sentinel.remove());
    await until(async () => String(await sentinel.command("sentinel", "replicas", "main")).includes(`${replica.port}`));
    const url = `redis+sentinel://127.0.0.1:${sentinel.port}/main`;
    const journal = await (await connect(url)).open("main");
    await commitAll(journal, 1, 5);
    await until(async () => (await replica.command("hget", meta, "next")) === "6");
    await master.kill("SIGKILL");
    await commitAll(journal, 6, 8);
    expect(await differences(journal, 1, 8)).toEqual([]);
    expect(await replica.command("hget", meta, "next")).toBe("9");
  });

  test("a position that another owner of the same name has passed is never written over", async () => {
    const master = await startServer();
    const journal = await (await connect(master.url)).open("main");
    await commitAll(journal, 1, 2);
    await master.command("hset", meta, "next", "7");
    expect(await codeOf(journal.commit(commitAt(3)))).toBe("DF_STORE_POISONED");
    expect(await codeOf(journal.commit(commitAt(3)))).toBe("DF_STORE_POISONED");
    expect(await master.command("hexists", log, "3")).toBe(0);
  });
});

async function until(isSo: () => Promise<boolean>): Promise<void> {
  const giveUpAt = performance.now() + 30_000;
  while (!(await isSo().catch(() => false))) {
    if (performance.now() > giveUpAt) throw new Error("it does not come to that");
    await sleep(25);
  }
}
