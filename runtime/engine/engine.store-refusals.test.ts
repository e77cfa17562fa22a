/**
 * Stores that cannot be used, or that refuse what an engine gives them: each ends as one documented code, what was acknowledged is there
 * afterwards, and credentials are in no message, property or log.
 */
import { spawn, spawnSync } from "node:child_process";
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { inspect } from "node:util";
import { DataFlower, type Engine, type EngineOptions } from "dataflower";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { RedisProxy } from "../faults/redis-proxy.fixture.js";
import { durable, lacksRedis, RedisServer, type RedisSettings } from "../faults/redis-server.fixture.js";
import { built, builtUrl } from "./fixtures/built.fixture.js";
import { outcome } from "./fixtures/outcome.fixture.js";
import type * as Sizes from "./fixtures/store-sizes.fixture.js";

const { measured } = await built<typeof Sizes>("store-sizes");
const canary = "canary-4711";

let folder: string;
let said: string;
const engines: Engine[] = [];
const ends: (() => unknown)[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "refusals-"));
  said = "";
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    said += String(text);
    return true;
  });
});
afterEach(async () => {
  vi.restoreAllMocks();
  await Promise.allSettled(engines.splice(0).map((engine) => engine.close({ grace: 0 })));
  for (const end of ends.splice(0).reverse()) await end();
  rmSync(folder, { recursive: true, force: true });
});

async function start(store: string, more: EngineOptions = {}): Promise<Engine> {
  const engine = await DataFlower.start({ workers: 1, workflows: [measured], store, limits: { storeWaitMax: 500 }, ...more });
  engines.push(engine);
  return engine;
}

/** What a promise is rejected with: its code, and all that can be seen of it. */
async function refusal(act: () => unknown): Promise<{ readonly code: unknown; readonly text: string }> {
  const ended = await outcome(act);
  if (!("error" in ended)) return { code: `none: it gave ${String(ended.value)}`, text: "" };
  const { error } = ended;
  return { code: (error as { code?: unknown }).code, text: `${inspect(error, { depth: 20, showHidden: true })}${JSON.stringify(error)}` };
}

function hasDescriptors(): boolean {
  try {
    closeSync(openSync("/dev/null", "r"));
    return true;
  } catch {
    return false;
  }
}

async function startServer(settings: RedisSettings = durable): Promise<RedisServer> {
  const server = await RedisServer.start(settings);
  ends.push(() => server.remove());
  return server;
}

describe("an engine on LMDB", () => {
  test.each([
    ["lies below a file", () => `lmdb:${fileIn("file")}/store`],
    ["is a file", () => `lmdb:${fileIn("file")}`],
    ["the system makes no folders in", () => "lmdb:/proc/none/store"],
  ])("refuses a path that %s", async (_, url) => {
    expect((await refusal(() => start(url()))).code).toBe("DF_STORE_UNAVAILABLE");
  });

  test("refuses a folder that another engine has, in this process too, which goes on", async () => {
    const url = `lmdb:${folder}/store`;
    const first = await start(url);
    const { code, text } = await refusal(() => start(url));
    expect([code, text]).toEqual(["DF_STORE_BUSY", expect.stringContaining(String(process.pid))]);
    expect((await refusal(() => start(`${url}/../store`))).code).toBe("DF_STORE_BUSY");
    expect(await first.run(measured, { bytes: 3 })).toBe(3);
    await first.close();
    expect(await (await start(url)).run(measured, { bytes: 4 })).toBe(4);
  });

  const mounts = spawnSync("unshare", ["-m", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]).status === 0;
  if (!mounts) console.warn("SKIPPED a full disk under an engine: this user may not mount one");
  test.skipIf(!mounts && process.env.CI !== "true").each(["disk", "process"])(
    "at %s ends as DF_STORE_FULL on a full disk, and the next one has what was acknowledged",
    (durability) => {
      const program = fileURLToPath(builtUrl("runtime/engine/fixtures/full-disk-program.fixture"));
      mkdirSync(join(folder, "disk"));
      const run = (what: string) => `"${process.execPath}" "${program}" ${what} "${folder}/disk" ${durability} "${folder}/told"`;
      const script = `mount -t tmpfs -o size=24m tmpfs "${folder}/disk" && ${run("fill")}; rm "${folder}/disk/ballast"; ${run("check")}`;
      const { stdout, stderr } = spawnSync("timeout", ["-s", "KILL", "40", "unshare", "-m", "sh", "-c", script], { encoding: "utf8" });
      const lines = stdout.trim().split("\n");
      expect(lines, stderr).toEqual([expect.stringMatching(/^full DF_STORE_FULL after \d+$/), "all there, and more", "closed"]);
      expect(Number(/\d+$/.exec(lines[0] ?? "")?.[0])).toBeGreaterThan(2);
    },
    60_000,
  );

  function fileIn(name: string): string {
    writeFileSync(join(folder, name), "");
    return join(folder, name);
  }
});

describe.skipIf(lacksRedis("refusals of Redis servers"))("an engine on Redis", () => {
  test("refuses what answers garbage", async () => {
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.on("error", () => {}).on("data", () => socket.write("HTTP/1.1 400 Bad Request\r\n\r\n"));
    }).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    ends.push(() => {
      for (const socket of sockets) socket.destroy();
      server.close();
    });
    const address = server.address();
    const port = typeof address === "object" ? address?.port : undefined;
    const { code, text } = await refusal(() => start(`redis://me:${canary}@127.0.0.1:${port}`));
    expect(code).toBe("DF_STORE_REFUSED");
    expect(text + said).not.toContain(canary);
  });

  test("ends as DF_STORE_REFUSED when its server begins to answer garbage, and the next one has what was acknowledged", async () => {
    const server = await startServer();
    const proxy = await RedisProxy.start(() => server.port);
    ends.push(() => proxy.close());
    const engine = await start(`redis://127.0.0.1:${proxy.port}`);
    expect(await engine.run(measured, { bytes: 5 }, { runId: "before" })).toBe(5);
    proxy.mode = { kind: "answer", bytes: "what?\r\n" };
    expect((await refusal(() => engine.run(measured, { bytes: 6 }, { runId: "during" }))).code).toBe("DF_STORE_REFUSED");
    expect((await refusal(() => engine.run(measured, { bytes: 7 }))).code).toBe("DF_STORE_REFUSED");
    proxy.mode = { kind: "pass" }; // else the next one waits for the lease to end
    await engine.close();
    const next = await start(server.url);
    expect(await (await next.get(measured, "before"))?.result()).toBe(5);
    expect(await next.run(measured, { bytes: 6 }, { runId: "during" })).toBe(6);
  });

  test.each([
    ["a wrong password", `:${canary}`, "DF_STORE_REFUSED"],
    ["an unknown user", `unknown:${canary}`, "DF_STORE_REFUSED"],
    ["no password", "", "DF_STORE_REFUSED"],
  ])("refuses %s, which is nowhere to be seen", async (_, credentials, code) => {
    const server = await startServer({ ...durable, requirepass: "right" });
    const found = await refusal(() => start(`redis://${credentials}@127.0.0.1:${server.port}`));
    expect(found.code).toBe(code);
    expect(found.text + said).not.toContain(canary);
  });

  test("shows its password nowhere, whatever becomes of its server", async () => {
    const server = await startServer({ ...durable, requirepass: canary });
    const engine = await start(`redis://:${canary}@127.0.0.1:${server.port}`);
    expect(await engine.run(measured, { bytes: 1 })).toBe(1);
    const client = server.client({ password: canary });
    await client.config("SET", "requirepass", "another");
    await client.call("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
    const refused = await refusal(() => engine.run(measured, { bytes: 2 }));
    expect(refused.code).toBe("DF_STORE_REFUSED");
    const later = await refusal(() => engine.submit(measured, { bytes: 2 }));
    expect(refused.text + later.text + said + inspect(engine, { depth: 20, showHidden: true })).not.toContain(canary);
  });

  const limitsHere = spawnSync("prlimit", ["--version"]).status === 0;
  if (!limitsHere) console.warn("SKIPPED an engine without file descriptors: prlimit is not installed");
  test.skipIf(!limitsHere && process.env.CI !== "true")(
    "waits for file descriptors when it has to connect again and there are none",
    async () => {
      const server = await startServer();
      const engine = await start(server.url, { limits: { storeWaitMax: 20_000 } });
      expect(await engine.run(measured, { bytes: 1 })).toBe(1);
      const client = server.client();
      await client.ping();
      const shell = (soft: string) => `prlimit --pid ${process.pid} --nofile=${soft}:`;
      const before = /NOFILE.*?(\d+)\s+\d+ files/.exec(spawnSync("prlimit", ["--pid", `${process.pid}`], { encoding: "utf8" }).stdout)?.[1];
      // Who has no descriptors starts no process to be given some. Fewer than there are: none can be opened.
      const limited = spawn("sh", ["-c", `${shell("3")}; sleep 1; ${shell(String(before))}`], { stdio: "ignore" });
      const isOver = new Promise((resolve) => limited.once("exit", resolve));
      await vi.waitUntil(() => !hasDescriptors(), 5_000);
      await client.call("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
      let isSettled = false;
      const pending = engine.run(measured, { bytes: 2 }, { runId: "waits" }).finally(() => {
        isSettled = true;
      });
      await sleep(300);
      expect([isSettled, hasDescriptors()]).toEqual([false, false]);
      await isOver;
      expect(await pending).toBe(2);
    },
  );

  test("ends as DF_STORE_FULL at a value that is larger than the server takes; what was acknowledged is there", async () => {
    const server = await startServer();
    const engine = await start(server.url);
    expect(await engine.run(measured, { bytes: 1 }, { runId: "small" })).toBe(1);
    await engine.close();
    await server.command("config", "set", "proto-max-bulk-len", String(2 ** 20));
    const limited = await start(server.url);
    const text = "x".repeat(2 ** 20);
    const { code, text: shown } = await refusal(() => limited.run(measured, { bytes: 1, text }, { runId: "large" }));
    expect([code, shown]).toEqual(["DF_STORE_FULL", expect.stringContaining(String(2 ** 20))]);
    expect((await refusal(() => limited.run(measured, { bytes: 1 }))).code).toBe("DF_STORE_FULL");
    await limited.close();
    await server.command("config", "set", "proto-max-bulk-len", String(2 ** 29));
    const next = await start(server.url);
    expect(await (await next.get(measured, "small"))?.result()).toBe(1);
    expect(await next.get(measured, "large")).toBe(undefined);
    expect(await next.run(measured, { bytes: 1, text }, { runId: "large" })).toBe(1 + 2 ** 20);
  });
});
