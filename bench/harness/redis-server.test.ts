import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { Redis } from "ioredis";
import { describe, expect, test } from "vitest";
import { hasRedisServer, startRedisServer } from "./redis-server.js";
import { ServerProcess } from "./server-process.js";

const hasRedis = hasRedisServer();
if (!hasRedis && process.env.CI === "true") throw new Error("redis-server must be installed");
if (!hasRedis) console.warn("SKIPPED what benchmarks start: redis-server is not installed");

const built = fileURLToPath(new URL("../../dist/bench/harness/redis-server.js", import.meta.url));
const folders = (name: string) => readdirSync(tmpdir()).filter((folder) => folder.startsWith(`dataflower-bench-${name}-`));

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function waitUntil(holds: () => boolean): Promise<void> {
  const giveUpAt = performance.now() + 10_000;
  while (!holds() && performance.now() < giveUpAt) await sleep(10);
  expect(holds()).toBe(true);
}

describe.skipIf(!hasRedis)("a Redis server", () => {
  test.each(["everysec", "always"] as const)("keeps a file and flushes it %s, and leaves nothing behind", async (fsync) => {
    const server = await startRedisServer(fsync);
    const client = new Redis(server.url);
    try {
      const settings = await Promise.all(["appendonly", "appendfsync", "save", "bind"].map((name) => client.config("GET", name)));
      expect(settings.flat()).toEqual(["appendonly", "yes", "appendfsync", fsync, "save", "", "bind", "127.0.0.1"]);
      const [, folder = ""] = (await client.config("GET", "dir")) as string[]; // as: name and value
      expect(existsSync(folder)).toBe(true);
      client.disconnect();
      await server.stop();
      expect([isAlive(server.pid), existsSync(folder)]).toEqual([false, false]);
    } finally {
      client.disconnect();
      await server.stop();
    }
  });

  test("knows what it was told when it is killed and started again", async () => {
    const server = await startRedisServer("everysec");
    const client = new Redis(server.url);
    client.on("error", () => {}); // its connection is cut
    try {
      await client.set("told", "before");
      const { pid } = server;
      await server.kill();
      expect(isAlive(pid)).toBe(false);
      await server.restart();
      expect([server.pid === pid, isAlive(pid), isAlive(server.pid)]).toEqual([false, false, true]);
      expect(await client.get("told")).toBe("before");
    } finally {
      client.disconnect();
      await server.stop();
    }
    expect(isAlive(server.pid)).toBe(false);
  });

  test.each(["SIGTERM", "SIGINT"] as const)("ends with the process that started it, by %s", async (signal) => {
    const source = `import { startRedisServer } from ${JSON.stringify(built)}; console.log((await startRedisServer("always")).pid); setInterval(() => {}, 1000);`;
    const starter: ChildProcess = spawn(process.execPath, ["--input-type=module", "-e", source], { stdio: ["ignore", "pipe", "inherit"] });
    let pid = 0;
    try {
      const [line] = await Promise.race([
        (async () => {
          for await (const first of createInterface({ input: starter.stdout! })) return [first];
          return [""];
        })(),
        sleep(20_000, ["late"], { ref: false }),
      ]);
      pid = Number(line);
      expect(isAlive(pid)).toBe(true);
      starter.kill(signal);
      await waitUntil(() => !isAlive(pid) && starter.exitCode === 1);
    } finally {
      starter.kill("SIGKILL");
      if (pid > 0 && isAlive(pid)) process.kill(pid, "SIGKILL");
    }
  });
});

describe("a server process", () => {
  const sh = (script: string, isReady: (output: string) => boolean, startMsMax = 10_000) =>
    ServerProcess.start({ name: "sh-test", command: "sh", args: () => ["-c", script], isReady, startMsMax });

  test.each([
    ["ends at once", "echo no luck; exit 3", 10_000, "it has ended\nno luck"],
    ["is not ready in time", "echo slow; sleep 60", 500, "must be ready within 500 ms: it is not\nslow"],
  ])("that %s is told of with what it printed, and leaves nothing behind", async (_, script, startMsMax, message) => {
    await expect(sh(script, () => false, startMsMax)).rejects.toThrow(message);
    expect(folders("sh-test")).toEqual([]);
  });

  test("that does not exist is told of", async () => {
    const missing = ServerProcess.start({ name: "missing", command: "no-such-program", args: () => [], isReady: () => false });
    await expect(missing).rejects.toThrow("spawn no-such-program ENOENT");
    expect(folders("missing")).toEqual([]);
  });

  test("works in its own folder until it is stopped", async () => {
    const server = await sh("pwd; exec sleep 60", (output) => output.includes("dataflower-bench-sh-test-"));
    expect([isAlive(server.pid), existsSync(server.folder)]).toEqual([true, true]);
    await server.stop();
    expect([isAlive(server.pid), existsSync(server.folder)]).toEqual([false, false]);
  });
});
