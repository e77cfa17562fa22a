/** Every error that a server may answer, by the server itself where it can be brought to it, else by a proxy in front of it. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { RedisProxy } from "../faults/redis-proxy.fixture.js";
import { durable, lacksRedis, RedisServer, startRedisCluster } from "../faults/redis-server.fixture.js";
import { codeOf, commitAll, commitAt, differences, options, refusal, timing } from "./redis/journal.fixture.js";
import { keysOf } from "./redis/layout.js";
import { answers } from "./redis/trouble.js";
import { connectRedisWith } from "./redis-store.js";
import type { Journal, Store, StoreOptions } from "./store.js";

const secret = "hunter2/@: canary";
const canary = "hunter2";

describe.skipIf(lacksRedis("errors of Redis servers"))("a Redis store and the errors of its server", () => {
  let server: RedisServer;
  let proxy: RedisProxy;
  const stores: Store[] = [];

  beforeAll(async () => {
    server = await RedisServer.start({ ...durable, "enable-debug-command": "local" });
    proxy = await RedisProxy.start(() => server.port);
  });
  afterEach(async () => {
    proxy.mode = { kind: "pass" };
    proxy.only = undefined;
    for (const store of stores.splice(0)) await store.close();
    await server.command("flushall");
  });
  afterAll(async () => {
    await proxy?.close();
    await server?.remove();
  });

  async function connect(url: string, more: Partial<StoreOptions> = {}): Promise<Store> {
    const store = await connectRedisWith(url, { ...options, ...more }, timing);
    stores.push(store);
    return store;
  }
  async function open(port: number, more: Partial<StoreOptions> = {}): Promise<Journal> {
    return (await connect(`redis://127.0.0.1:${port}`, more)).open("main");
  }

  const passing = Object.keys(answers).filter((word) => answers[word]?.[0] !== "fatal");
  const final = Object.keys(answers).filter((word) => answers[word]?.[0] === "fatal");

  test.each(passing)("%s passes: the commit is tried again until it is written, once", async (word) => {
    const journal = await open(proxy.port);
    await journal.commit(commitAt(1));
    proxy.only = "evalsha";
    proxy.mode = { kind: "answer", bytes: `-${word} as the server says it\r\n` };
    const { hits } = proxy;
    const pending = journal.commit(commitAt(2));
    while (proxy.hits < hits + (word === "NOSCRIPT" ? 1 : 2)) await sleep(1);
    proxy.mode = { kind: "pass" };
    await pending;
    expect(await differences(journal, 1, 2)).toEqual([]);
  });

  test.each(passing.filter((word) => word !== "NOSCRIPT"))("%s that does not pass is given up, with its code", async (word) => {
    const journal = await open(proxy.port, { unavailableMsMax: 200 });
    proxy.only = "evalsha";
    proxy.mode = { kind: "answer", bytes: `-${word} as the server says it\r\n` };
    const { code, text } = await refusal(journal.commit(commitAt(1)));
    expect(code).toBe(answers[word]?.[1]);
    expect(text).toContain(`for 200 ms: ${word} as the server says it`);
    proxy.mode = { kind: "pass" };
    expect(await server.client().hlen(keysOf("main")[1])).toBe(0);
  });

  test.each([...final, "ERR something", "NEVERHEARDOF it"])("%s is final", async (word) => {
    const journal = await open(proxy.port);
    proxy.only = "evalsha";
    proxy.mode = { kind: "answer", bytes: `-${word} \r\n` };
    const { hits } = proxy;
    expect(await codeOf(journal.commit(commitAt(1)))).toBe(answers[word]?.[1] ?? "DF_STORE_REFUSED");
    expect(proxy.hits).toBe(hits + 1);
    proxy.mode = { kind: "pass" };
    expect(await codeOf(journal.commit(commitAt(1)))).toBe(answers[word]?.[1] ?? "DF_STORE_REFUSED"); // for ever
  });

  test("the error of a command inside a script is known also as servers before version 7 put it", async () => {
    const journal = await open(proxy.port, { unavailableMsMax: 100 });
    proxy.only = "evalsha";
    const bytes = "-ERR Error running script (call to f_7a): @user_script:12: @user_script: 12: -OOM command not allowed\r\n";
    proxy.mode = { kind: "answer", bytes };
    expect(await codeOf(journal.commit(commitAt(1)))).toBe("DF_STORE_FULL");
  });

  /** What brings a real server to answer so, and back. */
  const provoked: Readonly<Record<string, { readonly begin: () => Promise<unknown>; readonly end: () => Promise<unknown> }>> = {
    OOM: {
      begin: () => server.command("config", "set", "maxmemory", "1"),
      end: () => server.command("config", "set", "maxmemory", "0"),
    },
    MISCONF: {
      begin: async () => {
        mkdirSync(join(server.folder, "dump.rdb"), { recursive: true }); // a file of that name cannot be made now
        await server.command("config", "set", "save", "3600 1");
        await server.command("set", "something", "changed");
        await server.command("bgsave");
        while (!String(await server.command("info", "persistence")).includes("rdb_last_bgsave_status:err")) await sleep(20);
      },
      end: () => server.command("config", "set", "save", ""),
    },
    NOREPLICAS: {
      begin: () => server.command("config", "set", "min-replicas-to-write", "1"),
      end: () => server.command("config", "set", "min-replicas-to-write", "0"),
    },
    READONLY: {
      begin: () => server.command("replicaof", "127.0.0.1", "1"),
      end: () => server.command("replicaof", "no", "one"),
    },
    MASTERDOWN: {
      begin: async () => {
        await server.command("config", "set", "replica-serve-stale-data", "no");
        await server.command("replicaof", "127.0.0.1", "1");
      },
      end: async () => {
        await server.command("replicaof", "no", "one");
        await server.command("config", "set", "replica-serve-stale-data", "yes");
      },
    },
    BUSY: {
      begin: async () => {
        await server.command("config", "set", "busy-reply-threshold", "50");
        server
          .client()
          .call("eval", ["while true do end", 0])
          .catch(() => {}); // killed below
        await sleep(200);
      },
      end: () => server.command("script", "kill"),
    },
  };

  test.each(Object.keys(provoked))("%s of a real server passes, and is given up with its code when it lasts", async (word) => {
    const { begin, end } = provoked[word] as (typeof provoked)[string];
    const journal = await open(server.port);
    await commitAll(journal, 1, 2);
    const impatientStore = await connect(server.url, { unavailableMsMax: 300 });
    const impatient = await impatientStore.open("other");
    await begin();
    try {
      let isSettled = false;
      const pending = journal.commit(commitAt(3)).finally(() => {
        isSettled = true;
      });
      const { code, text } = await refusal(impatient.commit(commitAt(1)));
      expect({ code, text }).toMatchObject({ code: answers[word]?.[1], text: expect.stringContaining(` ${word} `) });
      expect(isSettled).toBe(false);
      await end();
      await pending;
    } finally {
      await end().catch(() => {}); // where it has happened already
    }
    await journal.commit(commitAt(4));
    expect(await differences(journal, 1, 4)).toEqual([]);
  });

  test("a journal is given back also when the server has no room left", async () => {
    const store = await connect(server.url);
    await commitAll(await store.open("main"), 1, 2);
    await server.command("config", "set", "maxmemory", "1");
    await store.close();
    await server.command("config", "set", "maxmemory", "0");
    expect(await open(server.port)).toMatchObject({ wasClosed: true, next: 3 });
  });

  test("a commit that is larger than the server takes is refused before it is sent", async () => {
    await server.command("config", "set", "proto-max-bulk-len", "1mb", "client-query-buffer-limit", "2mb");
    try {
      const store = await connect(server.url);
      const large = new Uint8Array(2 ** 20 + 1);
      const oneValue = await store.open("value");
      expect(await codeOf(oneValue.commit({ position: 1, record: large, runs: [] }))).toBe("DF_STORE_FULL");
      const allTogether = await store.open("together");
      const runs = ["a", "b", "c"].map((id) => ({ id, entry: large.subarray(0, 700_000) }));
      expect(await codeOf(allTogether.commit({ position: 1, record: large.subarray(2), runs }))).toBe("DF_STORE_FULL");
      const justSo = await store.open("fits");
      await justSo.commit({ position: 1, record: large.subarray(1), runs: runs.slice(0, 1) });
      expect((await justSo.run("a"))?.length).toBe(700_000);
    } finally {
      await server.command("config", "set", "proto-max-bulk-len", "512mb", "client-query-buffer-limit", "1gb");
    }
  });

  test("a node of a cluster that is named as a single server is refused", async () => {
    const nodes = await startRedisCluster(3);
    try {
      const opened = await Promise.all(
        nodes.map(({ url }) => refusal(connect(url).then((store) => Promise.all(["a", "b", "c", "d"].map((name) => store.open(name)))))),
      );
      for (const { code, text } of opened)
        expect({ code, text }).toMatchObject({ code: "DF_STORE_REFUSED", text: expect.stringContaining("MOVED") });
      for (const store of stores.splice(0)) await store.close();
    } finally {
      await Promise.all(nodes.map((node) => node.remove()));
    }
  });

  test("a database that there is none of is refused", async () => {
    expect(await codeOf(connect(`${server.url}/99`))).toBe("DF_STORE_REFUSED");
    expect(await codeOf(connect(`${server.url}/7`).then((store) => store.open("main")))).toBe("nothing was thrown");
  });

  test("keys that hold something else are left alone", async () => {
    await server.command("set", keysOf("main")[0], "text");
    expect(await codeOf(open(server.port))).toBe("DF_CHECKPOINT_CORRUPT");
    expect(await server.command("get", keysOf("main")[0])).toBe("text");
  });

  describe("and who may come in", () => {
    let guarded: RedisServer;
    let port: number;
    const encoded = encodeURIComponent(secret);

    beforeAll(async () => {
      guarded = await RedisServer.start({ ...durable });
      port = guarded.port;
      await guarded.command("acl", "setuser", "engine", "on", `>${secret}`, "~df:*", "-@all", ...rights);
      await guarded.command("acl", "setuser", "elsewhere", "on", `>${secret}`, "~other:*", "+@all");
      await guarded.command("acl", "setuser", "unread", "on", `>${secret}`, "~df:*", "+@all", "-config");
      await guarded.command("config", "set", "requirepass", secret);
    });
    afterAll(() => guarded?.remove());

    /** What a user needs, for the README. */
    const rights =
      "+config|get +evalsha +eval +hmget +hget +hset +hdel +hlen +zadd +zrem +zcard +zrangebylex +exists +time +sadd +smembers +wait +select +client|setname".split(
        " ",
      );

    test.each([
      ["no password", () => `redis://127.0.0.1:${port}`, "DF_STORE_REFUSED"],
      ["a wrong password", () => `redis://:${encoded}x@127.0.0.1:${port}`, "DF_STORE_REFUSED"],
      ["a wrong user", () => `redis://nobody:${encoded}@127.0.0.1:${port}`, "DF_STORE_REFUSED"],
      ["no right to the keys", () => `redis://elsewhere:${encoded}@127.0.0.1:${port}`, "DF_STORE_REFUSED"],
      ["no right to read settings", () => `redis://unread:${encoded}@127.0.0.1:${port}`, "DF_DURABILITY_UNSUPPORTED"],
      ["a password in a URL that is wrong", () => `redis://:${encoded}@127.0.0.1:${port}/x`, "DF_STORE_UNSUPPORTED"],
    ])("%s is refused, and shows no password", async (_, url, wanted) => {
      const { code, text } = await refusal(connect(url()).then((store) => store.open("main")));
      expect(code).toBe(wanted);
      expect(text).not.toContain(canary);
      expect(text).not.toContain("evalsha"); // commands hold data
    });

    test("the password, and a user with the least rights, are let in", async () => {
      for (const [index, user] of ["", "engine", "default"].entries()) {
        const store = await connect(`redis://${user}:${encoded}@127.0.0.1:${port}`);
        expect(store.shownUrl).toBe(`redis://${user}:***@127.0.0.1:${port}`);
        const journal = await store.open(`main-${index}`);
        await commitAll(journal, 1, 3);
        expect(await differences(journal, 1, 3)).toEqual([]);
        expect((await store.journals()).length).toBe(index + 1);
      }
    });

    test("settings that cannot be read may be stated in the URL", async () => {
      const url = `redis://unread:${encoded}@127.0.0.1:${port}`;
      await commitAll(await (await connect(`${url}?assume=disk`)).open("stated"), 1, 2);
      expect(await codeOf(connect(`${url}?assume=process`))).toBe("DF_DURABILITY_UNSUPPORTED");
    });

    test("a server that repeats what it was sent does not betray it", async () => {
      const url = `redis://:${encoded}@127.0.0.1:${proxy.port}`;
      for (const bytes of [
        `-ERR unknown command 'AUTH', with args beginning with: '${secret}'\r\n`,
        `-WRONGPASS ${secret} is wrong\r\n`,
        `-ERR ${encoded}\u001b[31m\r\n`,
      ]) {
        proxy.mode = { kind: "answer", bytes };
        const { code, text } = await refusal(connect(url));
        expect(code).toBe("DF_STORE_REFUSED");
        expect(text).not.toContain(canary);
        expect(text).not.toContain("\u001b");
      }
    });

    test("a password that is taken away in the middle is an error without it", async () => {
      const store = await connect(`redis://:${encoded}@127.0.0.1:${port}`, { unavailableMsMax: 2_000 });
      const journal = await store.open("taken-away");
      const admin = guarded.client({ password: secret });
      await admin.call("config", ["set", "requirepass", "another"]);
      await admin.call("client", ["kill", "type", "normal", "skipme", "yes"]);
      const { code, text } = await refusal(journal.commit(commitAt(1)));
      await admin.call("config", ["set", "requirepass", secret]);
      expect(code).toBe("DF_STORE_REFUSED");
      expect(text).not.toContain(canary);
    });
  });
});
