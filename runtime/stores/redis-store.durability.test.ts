/** What a server must be set up to do, what it has lost, and links that nobody can listen to. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { RedisProxy } from "../faults/redis-proxy.fixture.js";
import { durable, freePort, lacksRedis, RedisServer, type RedisSettings, startRedisCluster } from "../faults/redis-server.fixture.js";
import { codeOf, commitAll, commitAt, differences, options, refusal, timing } from "./redis/journal.fixture.js";
import { keysOf } from "./redis/layout.js";
import { connectRedisWith } from "./redis-store.js";
import type { Journal, Store, StoreOptions } from "./store.js";

const [meta, log, runs, ids, ends] = keysOf("main");

describe.skipIf(lacksRedis("durability of Redis servers"))("a Redis store", () => {
  let server: RedisServer;
  const stores: Store[] = [];

  beforeAll(async () => {
    server = await RedisServer.start(durable);
  });
  afterEach(async () => {
    for (const store of stores.splice(0)) await store.close();
    await server.command("flushall");
  });
  afterAll(() => server?.remove());

  async function connect(url: string = server.url, more: Partial<StoreOptions> = {}): Promise<Store> {
    const store = await connectRedisWith(url, { ...options, ...more }, timing);
    stores.push(store);
    return store;
  }

  const levels = ["process", "disk", "replicated"] as const;
  /** Settings that differ from the durable ones, the levels that they keep, and the setting that is asked for otherwise. */
  const settings: readonly [changed: Record<string, string>, kept: readonly string[], asked: string][] = [
    [{}, levels, ""],
    [{ appendfsync: "everysec" }, ["process"], "appendfsync always"],
    [{ appendfsync: "no" }, ["process"], "appendfsync always"],
    [{ "no-appendfsync-on-rewrite": "yes" }, ["process"], "no-appendfsync-on-rewrite no"],
    [{ appendonly: "no" }, [], "appendonly yes"],
    [{ maxmemory: "100mb", "maxmemory-policy": "allkeys-lru" }, [], "maxmemory-policy noeviction"],
    [{ maxmemory: "100mb", "maxmemory-policy": "volatile-ttl" }, [], "maxmemory-policy noeviction"],
    [{ maxmemory: "100mb", "maxmemory-policy": "noeviction" }, levels, ""],
    [{ maxmemory: "0", "maxmemory-policy": "allkeys-lru" }, levels, ""],
  ];
  const usual = { ...durable, "no-appendfsync-on-rewrite": "no", maxmemory: "0", "maxmemory-policy": "noeviction" };

  test.each(settings)("with %o keeps %s", async (changed, kept, asked) => {
    await server.command("config", "set", ...Object.entries({ ...usual, ...changed }).flat());
    try {
      for (const durability of levels) {
        const { code, text } = await refusal(connect(server.url, { durability }));
        expect([durability, code]).toEqual([durability, kept.includes(durability) ? "nothing was thrown" : "DF_DURABILITY_UNSUPPORTED"]);
        if (!kept.includes(durability)) expect(text).toContain(`"${asked}"`);
      }
    } finally {
      await server.command("config", "set", ...Object.entries(usual).flat());
    }
  });

  test("every master of a cluster must keep the level", async () => {
    const nodes = await startRedisCluster(3);
    try {
      const url = `redis+cluster://127.0.0.1:${nodes[0]?.port}`;
      expect(await codeOf(connect(url))).toBe("nothing was thrown");
      await nodes[2]?.command("config", "set", "appendfsync", "everysec");
      expect(await codeOf(connect(url))).toBe("DF_DURABILITY_UNSUPPORTED");
    } finally {
      await Promise.all(nodes.map((node) => node.remove()));
    }
  });

  test("a server that takes the place of another one must keep the level too", async () => {
    const weaker = await RedisServer.start({ appendonly: "no" });
    let port = server.port;
    const proxy = await RedisProxy.start(() => port);
    try {
      const journal = await (await connect(`redis://127.0.0.1:${proxy.port}`)).open("main");
      await journal.commit(commitAt(1));
      port = weaker.port;
      proxy.cutAll();
      expect(await codeOf(journal.commit(commitAt(2)))).toBe("DF_DURABILITY_UNSUPPORTED");
    } finally {
      await proxy.close();
      await weaker.remove();
    }
  });

  describe("notices what is not there any more", () => {
    async function written(): Promise<Journal> {
      const journal = await (await connect()).open("main");
      await commitAll(journal, 1, 5);
      return journal;
    }

    const losses: readonly (readonly string[])[] = [
      ["del", meta],
      ["del", log],
      ["del", runs],
      ["del", ids],
      ["del", ends],
      ["hdel", log, "3"],
      ["hdel", runs, "run-3"],
      ["zrem", ids, "run-3"],
      ["hdel", ends, "run-3"],
    ];
    test.each(losses)("%s %s %s, when it opens a journal", async (...words) => {
      await (await written()).close();
      await server.command(...words.filter((word) => word !== undefined));
      expect(await codeOf(connect().then((store) => store.open("main")))).toBe("DF_CHECKPOINT_LOST");
      const code = await codeOf(connect().then((store) => store.view("main")));
      expect(code).toBe(words[1] === meta ? "DF_CHECKPOINT_LOST" : "nothing was thrown");
    });

    test.each(losses.slice(1))("%s %s %s, when it commits", async (...words) => {
      const journal = await written();
      await server.command(...words.filter((word) => word !== undefined));
      expect(await codeOf(journal.commit(commitAt(6)))).toBe("DF_CHECKPOINT_LOST");
      expect(await server.command("hget", meta, "next")).toBe("6");
    });

    test("when it reads what was lost, and only then", async () => {
      const journal = await written();
      await server.command("hdel", log, "3");
      await server.command("hdel", ends, "run-3");
      expect(await codeOf(differences(journal, 1, 5))).toBe("DF_CHECKPOINT_LOST");
      expect(await codeOf(journal.end("run-3"))).toBe("DF_CHECKPOINT_LOST");
      expect(await codeOf(journal.end("run-2"))).toBe("nothing was thrown");
      await server.command("hdel", runs, "run-3");
      expect(await codeOf(journal.run("run-3"))).toBe("DF_CHECKPOINT_LOST");
      expect(await codeOf(journal.runs(undefined, 10))).toBe("DF_CHECKPOINT_LOST");
      expect(await codeOf(journal.runs(undefined, 2))).toBe("nothing was thrown");
      await server.command("del", ids);
      expect(await codeOf(journal.runs(undefined, 2))).toBe("DF_CHECKPOINT_LOST");
    });
  });

  test.each(["2", "99", "next"])("leaves a journal of layout %s alone", async (version) => {
    const journal = await (await connect()).open("main");
    await commitAll(journal, 1, 2);
    await journal.close();
    await server.command("hset", meta, "version", version);
    const dump = async () => JSON.stringify(await Promise.all([meta, log, runs, ids, ends].map((key) => server.command("dump", key))));
    const before = await dump();
    const store = await connect();
    expect(await codeOf(store.open("main"))).toBe("DF_CHECKPOINT_VERSION");
    expect(await codeOf(store.view("main"))).toBe("DF_CHECKPOINT_VERSION");
    expect(await dump()).toBe(before);
  });

  test("deletes what was cut a few records at a time, and never gives it out", async () => {
    const journal = await (await connect()).open("main");
    await commitAll(journal, 1, 600);
    const left = async () => Number(await server.command("hlen", log));
    await journal.commit(commitAt(601, { cutBefore: 601 }));
    expect(await left()).toBe(601 - 256);
    expect(await codeOf(differences(journal, 600, 601))).toBe("DF_CHECKPOINT_LOST");
    await journal.close();
    const next = await (await connect()).open("main");
    expect(next).toMatchObject({ first: 601, next: 602 });
    expect(await codeOf(differences(next, 600, 601))).toBe("DF_CHECKPOINT_LOST");
    await commitAll(next, 602, 603);
    expect(await left()).toBe(3);
    expect(await differences(next, 601, 603)).toEqual([]);
  });

  test("writes and forgets ten thousand runs at once", async () => {
    const journal = await (await connect()).open("main");
    const all = Array.from({ length: 10_000 }, (_, index) => `run-${String(index).padStart(4, "0")}`);
    const some = new Uint8Array([1]);
    await journal.commit({ position: 1, record: some, runs: all.map((id) => ({ id, entry: some, end: some })) });
    expect((await journal.runs(undefined, 20_000)).map(({ id }) => id)).toEqual(all);
    expect(await journal.end("run-9999")).toEqual(some);
    await journal.commit({ position: 2, record: some, runs: all.slice(1).map((id) => ({ id, entry: undefined })) });
    expect((await journal.runs(undefined, 20_000)).map(({ id }) => id)).toEqual(["run-0000"]);
    await journal.commit({ position: 3, record: some, runs: [] }); // all counts are right
  });

  test("says once, without the password, that a password can be listened to", async () => {
    const said: string[] = [];
    const write = vi.spyOn(process.stderr, "write").mockImplementation((text) => said.push(String(text)) > 0);
    try {
      const url = "redis://me:hunter2@redis.invalid:6379";
      expect(await codeOf(connect(url, { unavailableMsMax: 10 }))).toBe("DF_STORE_UNAVAILABLE");
    } finally {
      write.mockRestore();
    }
    expect(said).toEqual([
      "dataflower: the password for redis://me:***@redis.invalid:6379 crosses the network in clear; rediss:// encrypts\n",
    ]);
  });

  const lacksOpenssl = !isInstalled("openssl");
  if (lacksOpenssl && process.env.CI === "true") throw new Error("openssl must be installed");
  if (lacksOpenssl) console.warn("SKIPPED encrypted links to Redis servers: openssl is not installed");
  describe.skipIf(lacksOpenssl)("and an encrypted link", () => {
    let folder: string;
    let settings: RedisSettings;
    let encrypted: RedisServer;
    let port: number;

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), "dataflower-tls-"));
      const openssl = (...words: string[]) => execFileSync("openssl", words, { cwd: folder, stdio: "ignore" });
      const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
      openssl("req", "-x509", ...key, "-keyout", "ca.key", "-out", "ca.crt", "-days", "2", "-subj", "/CN=an authority of our own");
      openssl("req", ...key, "-keyout", "server.key", "-out", "server.csr", "-subj", "/CN=server");
      writeFileSync(join(folder, "names"), "subjectAltName=IP:127.0.0.1\n");
      openssl(..."x509 -req -in server.csr -CA ca.crt -CAkey ca.key -CAcreateserial -out server.crt -days 2 -extfile names".split(" "));
      port = await freePort();
      const files = { "tls-cert-file": "server.crt", "tls-key-file": "server.key", "tls-ca-cert-file": "ca.crt" };
      const paths = Object.fromEntries(Object.entries(files).map(([name, file]) => [name, join(folder, file)]));
      settings = { ...durable, ...paths, "tls-auth-clients": "no" };
      encrypted = await RedisServer.start({ ...settings, "tls-port": `${port}` });
    });
    afterAll(async () => {
      await encrypted?.remove();
      rmSync(folder, { recursive: true });
    });

    test("is used with the authority that the URL names", async () => {
      const journal = await (await connect(`rediss://127.0.0.1:${port}?ca=${join(folder, "ca.crt")}`)).open("main");
      await commitAll(journal, 1, 3);
      expect(await differences(journal, 1, 3)).toEqual([]);
    });

    test("reaches the nodes of a cluster, and the master behind a sentinel", async () => {
      const ca = `?ca=${join(folder, "ca.crt")}`;
      const [nodePort, sentinelPort] = [await freePort(), await freePort()];
      const [node] = await startRedisCluster(1, { ...settings, "tls-port": `${nodePort}`, "tls-cluster": "yes" });
      const sentinel = await RedisServer.startSentinel((own, plainPort) => {
        const file = join(own, "sentinel.conf");
        const of = (name: string) => `${name} ${String(settings[name])}`;
        const lines = ["tls-cert-file", "tls-key-file", "tls-ca-cert-file", "tls-auth-clients"].map(of);
        lines.push(`port ${plainPort}`, `tls-port ${sentinelPort}`, "tls-replication yes", `sentinel monitor main 127.0.0.1 ${port} 1`);
        writeFileSync(file, `${lines.join("\n")}\n`);
        return file;
      });
      try {
        for (const url of [`rediss+cluster://127.0.0.1:${nodePort}${ca}`, `rediss+sentinel://127.0.0.1:${sentinelPort}/main${ca}`]) {
          const journal = await (await connect(url)).open("main-of-it");
          await commitAll(journal, 1, 3);
          expect(await differences(journal, 1, 3)).toEqual([]);
          await journal.close();
        }
        for (const url of [`rediss+cluster://127.0.0.1:${nodePort}`, `rediss+sentinel://127.0.0.1:${sentinelPort}/main`]) {
          expect(await refusal(connect(url))).toMatchObject({ code: "DF_STORE_REFUSED", text: expect.stringContaining("certificate") });
        }
      } finally {
        await node?.remove();
        await sentinel.remove();
      }
    });

    test("is refused without it, whatever the environment says", async () => {
      vi.stubEnv("NODE_TLS_REJECT_UNAUTHORIZED", "0");
      try {
        expect(await codeOf(connect(`rediss://127.0.0.1:${port}`))).toBe("DF_STORE_REFUSED");
      } finally {
        vi.unstubAllEnvs();
      }
    });

    test("is refused when the certificate names another host", async () => {
      expect(await codeOf(connect(`rediss://localhost:${port}?ca=${join(folder, "ca.crt")}`))).toBe("DF_STORE_REFUSED");
    });

    test("is refused where the server speaks in clear", async () => {
      expect(await codeOf(connect(`rediss://127.0.0.1:${server.port}`, { unavailableMsMax: 300 }))).toMatch(
        /^DF_STORE_(REFUSED|UNAVAILABLE)$/,
      );
    });
  });
});

function isInstalled(program: string): boolean {
  try {
    execFileSync(program, ["version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
