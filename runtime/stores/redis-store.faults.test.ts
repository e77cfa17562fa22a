/** Servers that die, stop, or whose answers get lost on the way. */
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import { RedisProxy } from "../faults/redis-proxy.fixture.js";
import { durable, lacksRedis, RedisServer, startRedisCluster } from "../faults/redis-server.fixture.js";
import { codeOf, commitAll, commitAt, differences, options, refusal, timing } from "./redis/journal.fixture.js";
import { connectRedisWith, type RedisTiming } from "./redis-store.js";
import type { Journal, Store, StoreOptions } from "./store.js";

const repeats = Number(process.env.DF_FAULT_REPEATS ?? 1);

describe.skipIf(lacksRedis("faults of Redis servers"))("a Redis store", { timeout: 60_000 + 20_000 * repeats }, () => {
  const ends: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });

  async function startServer(settings = {}): Promise<RedisServer> {
    const server = await RedisServer.start({ ...durable, ...settings });
    ends.push(() => server.remove());
    return server;
  }
  async function startProxy(server: RedisServer): Promise<RedisProxy> {
    const proxy = await RedisProxy.start(() => server.port);
    ends.push(() => proxy.close());
    return proxy;
  }
  async function connect(
    { port }: { readonly port: number },
    { commandMs = timing.commandMs, ...more }: Partial<StoreOptions & RedisTiming> = {},
  ): Promise<Store> {
    const store = await connectRedisWith(`redis://127.0.0.1:${port}`, { ...options, ...more }, { ...timing, commandMs });
    ends.push(() => store.close());
    return store;
  }
  async function reopened(server: RedisServer): Promise<Journal> {
    return (await connect(server)).open("main");
  }

  test("outlives the death of its server at any moment, without a loss or a double", async () => {
    const server = await startServer();
    const store = await connect(server);
    const journal = await store.open("main");
    let position = 0;
    for (let round = 0; round < 3 * repeats; round++) {
      const death = sleep(20 + 40 * round).then(async () => {
        await server.kill("SIGKILL");
        await sleep(200);
        await server.restart();
      });
      let isBack = false;
      const back = death.then(() => {
        isBack = true;
      });
      while (!isBack) await journal.commit(commitAt(++position));
      await back;
    }
    expect(position).toBeGreaterThan(10);
    expect(await differences(journal, 1, position)).toEqual([]);
    await store.close();
    expect(await differences(await reopened(server), 1, position)).toEqual([]);
  });

  test("ends a connection once, however many commands were lost with it", async () => {
    const warnings: string[] = [];
    const onWarning = ({ message }: Error) => warnings.push(message);
    process.on("warning", onWarning);
    try {
      const server = await startServer();
      const store = await connect(server, { commandMs: 200 });
      server.suspend();
      const views = Array.from({ length: 20 }, () => store.view("main"));
      await sleep(600);
      server.resume();
      expect(await Promise.all(views)).toEqual(Array(20).fill(undefined));
    } finally {
      process.off("warning", onWarning);
    }
    expect(warnings).toEqual([]);
  });

  test("gives up a server that stays away, and everything is there for the next one", async () => {
    const server = await startServer();
    const store = await connect(server, { unavailableMsMax: 700 });
    const journal = await store.open("main");
    await commitAll(journal, 1, 5);
    await server.kill("SIGKILL");
    const started = performance.now();
    expect(await codeOf(journal.commit(commitAt(6)))).toBe("DF_STORE_UNAVAILABLE");
    expect(performance.now() - started).toBeLessThan(20_000);
    await server.restart();
    expect(await codeOf(journal.commit(commitAt(6)))).toBe("DF_STORE_UNAVAILABLE"); // for ever
    await store.close();
    const next = await reopened(server);
    expect(next.wasClosed).toBe(false); // it is not known what became of commit 6
    expect(await differences(next, 1, next.next - 1)).toEqual([]);
    await commitAll(next, next.next, 8);
    expect(await differences(next, 1, 8)).toEqual([]);
  });

  test("waits for a server that is not there yet, and gives it up when it stays away", async () => {
    const server = await startServer();
    await server.kill("SIGTERM");
    expect(await codeOf(connect(server, { unavailableMsMax: 300 }))).toBe("DF_STORE_UNAVAILABLE");
    const connecting = connect(server);
    await sleep(300);
    await server.restart();
    await commitAll(await (await connecting).open("main"), 1, 3);
  });

  test("outlives a server that stands still for longer than a command may take", async () => {
    const server = await startServer();
    const journal = await (await connect(server)).open("main");
    await commitAll(journal, 1, 5);
    const stillMs = process.env.DF_FAULT_REPEATS === undefined ? 2_500 : 5_000;
    server.suspend();
    const pending = journal.commit(commitAt(6));
    await sleep(stillMs);
    // Tries follow each other: what was given up holds nothing.
    expect(process.getActiveResourcesInfo().filter((name) => name.startsWith("TCP")).length).toBeLessThan(10);
    server.resume();
    await pending;
    await commitAll(journal, 7, 9);
    expect(await differences(journal, 1, 9)).toEqual([]);
  });

  test("writes nothing twice when replies get lost", async () => {
    const server = await startServer();
    const proxy = await startProxy(server);
    const journal = await (await connect(proxy)).open("main");
    proxy.only = "evalsha";
    for (let position = 1; position <= 20; position++) {
      proxy.mode = { kind: "drop replies" };
      const { hits } = proxy;
      const pending = journal.commit(commitAt(position));
      while (proxy.hits === hits) await sleep(1);
      proxy.mode = { kind: "pass" };
      await pending;
    }
    expect(await differences(journal, 1, 20)).toEqual([]);
  });

  test("opens once when the reply to opening gets lost", async () => {
    const server = await startServer();
    const proxy = await startProxy(server);
    const store = await connect(proxy);
    await (await store.open("other")).close(); // the scripts are known to the server
    proxy.only = "evalsha";
    proxy.mode = { kind: "drop replies" };
    const opening = store.open("main");
    while (proxy.hits === 0) await sleep(1);
    proxy.mode = { kind: "pass" };
    expect(await opening).toMatchObject({ fence: 1, wasClosed: true });
  });

  test("outlives connections that end all the time", async () => {
    const server = await startServer();
    const proxy = await startProxy(server);
    const journal = await (await connect(proxy)).open("main");
    let isOver = false;
    const cutting = (async () => {
      while (!isOver) {
        await sleep(15);
        proxy.cutAll();
      }
    })();
    await commitAll(journal, 1, 100);
    isOver = true;
    await cutting;
    expect(await differences(journal, 1, 100)).toEqual([]);
  });

  test("waits longer for answers that come late, time after time", async () => {
    const server = await startServer();
    const proxy = await startProxy(server);
    const journal = await (await connect(proxy, { commandMs: 100 })).open("main");
    proxy.mode = { kind: "delay", ms: 250 };
    await journal.commit(commitAt(1));
    proxy.mode = { kind: "pass" };
    expect(await differences(journal, 1, 1)).toEqual([]);
  });

  test.each([
    ["a web server", "HTTP/1.1 400 Bad Request\r\n\r\n"],
    ["noise", "\u0001\u0002\u0000\u00ff\r\n"],
    ["an answer of no known kind", "?5\r\n"],
  ])("refuses %s at once", async (_, bytes) => {
    const proxy = await startProxy(await startServer());
    proxy.mode = { kind: "answer", bytes };
    const { code, text } = await refusal(connect(proxy, { unavailableMsMax: 600_000 }));
    expect(code).toBe("DF_STORE_REFUSED");
    expect(text).toContain(`redis://127.0.0.1:${proxy.port}`);
  });

  test("outlives garbage between good answers, and gives up when it goes on", async () => {
    const server = await startServer();
    const proxy = await startProxy(server);
    const journal = await (await connect(proxy, { unavailableMsMax: 1_500 })).open("main");
    await journal.commit(commitAt(1));
    proxy.mode = { kind: "answer", bytes: "HTTP/1.1 503 Service Unavailable\r\n\r\n" };
    const pending = journal.commit(commitAt(2));
    while (proxy.hits === 0) await sleep(1);
    proxy.mode = { kind: "pass" };
    await pending;
    proxy.mode = { kind: "answer", bytes: "HTTP/1.1 503 Service Unavailable\r\n\r\n" };
    expect(await codeOf(journal.commit(commitAt(3)))).toBe("DF_STORE_REFUSED");
  });

  test("a server that has forgotten the scripts is told them again", async () => {
    const server = await startServer();
    const journal = await (await connect(server)).open("main");
    await journal.commit(commitAt(1));
    await server.command("script", "flush");
    await journal.commit(commitAt(2));
    expect(await differences(journal, 1, 2)).toEqual([]);
  });

  test("says that it has lost everything when the server was emptied", async () => {
    const server = await startServer();
    const journal = await (await connect(server)).open("main");
    await commitAll(journal, 1, 3);
    await server.command("flushall");
    expect(await codeOf(journal.commit(commitAt(4)))).toBe("DF_STORE_ROLLED_BACK");
    expect(await server.command("dbsize")).toBe(0);
  });

  test("closing a connection ends what waits for the server", async () => {
    const server = await startServer();
    const store = await connect(server);
    const journal = await store.open("main");
    await server.kill("SIGKILL");
    const pending = codeOf(journal.commit(commitAt(1)));
    await sleep(100);
    await store.close();
    expect(await pending).toBe("DF_STORE_UNAVAILABLE");
    await server.restart();
    expect((await reopened(server)).wasClosed).toBe(false);
  });

  test("outlives the death of a node of a cluster", async () => {
    const nodes = await startRedisCluster(3);
    ends.push(() => Promise.all(nodes.map((node) => node.remove())));
    const url = `redis+cluster://127.0.0.1:${nodes[0]?.port}`;
    const store = await connectRedisWith(url, options, timing);
    ends.push(() => store.close());
    const names = ["a", "b", "c", "d", "e", "f"];
    const journals = await Promise.all(names.map((name) => store.open(name)));
    for (const journal of journals) await commitAll(journal, 1, 3);
    expect((await Promise.all(nodes.map((node) => node.command("dbsize")))).every((size) => Number(size) > 0)).toBe(true);
    const dying = nodes[0] as RedisServer; // the one that the URL names
    await dying.kill("SIGKILL");
    const pending = Promise.all(journals.map((journal) => journal.commit(commitAt(4))));
    await sleep(300);
    await dying.restart();
    await pending;
    for (const journal of journals) expect(await differences(journal, 1, 4)).toEqual([]);
  });
});
