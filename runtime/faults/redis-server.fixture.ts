import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Redis } from "ioredis";

/** Settings as `redis-server --NAME VALUE …` takes them; a list is given as several values. */
export type RedisSettings = Readonly<Record<string, string | readonly string[]>>;

/** What keeps every acknowledged write through the death of the server. */
export const durable = { appendonly: "yes", appendfsync: "always" } as const;

const startMsMax = 10_000;
const endMsMax = 10_000;

const isInstalled = hasProgram();
if (!isInstalled && process.env.CI === "true") throw new Error("redis-server must be installed");

/** Whether to leave out tests that need a server; says so once for each place. */
export function lacksRedis(what: string): boolean {
  if (!isInstalled) console.warn(`SKIPPED ${what}: redis-server is not installed`);
  return !isInstalled;
}

/** A real server on a free loopback port, with a folder of its own. */
export class RedisServer {
  readonly port: number;
  readonly folder: string = mkdtempSync(join(tmpdir(), "dataflower-redis-"));
  #program: readonly string[];
  #settings: RedisSettings;
  #process: ChildProcess | undefined;
  #output = "";
  readonly #clients = new Set<Redis>();
  readonly #killAtExit = () => this.#process?.kill("SIGKILL");

  private constructor(port: number, settings: RedisSettings, program: readonly string[]) {
    this.port = port;
    this.#settings = settings;
    this.#program = program;
    process.once("exit", this.#killAtExit);
  }

  static async start(settings: RedisSettings = durable): Promise<RedisServer> {
    const server = new RedisServer(await freePort(), settings, []);
    await server.#startOrRemove();
    return server;
  }

  /** A sentinel needs a file that it may write to. */
  static async startSentinel(write: (folder: string, port: number) => string): Promise<RedisServer> {
    const port = await freePort();
    const server = new RedisServer(port, {}, ["--sentinel"]);
    server.#program = [write(server.folder, port), "--sentinel"];
    await server.#startOrRemove();
    return server;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  get pid(): number {
    if (this.#process?.pid === undefined) throw new Error("the server runs");
    return this.#process.pid;
  }

  get isRunning(): boolean {
    return this.#process !== undefined;
  }

  /** What it has printed since its last start. */
  get output(): string {
    return this.#output;
  }

  /** Starts it again in the same folder, on the same port. */
  async restart(settings: RedisSettings = this.#settings): Promise<void> {
    await this.kill("SIGKILL");
    this.#settings = settings;
    await this.#start();
  }

  /** Ends it, and waits until it has ended. */
  async kill(signal: "SIGKILL" | "SIGTERM" = "SIGKILL"): Promise<void> {
    const ended = this.#process;
    if (ended === undefined) return;
    const exit = new Promise((resolve) => ended.once("exit", resolve));
    ended.kill("SIGCONT");
    ended.kill(signal);
    const isInTime = await Promise.race([exit.then(() => true), sleep(endMsMax, false, { ref: false })]);
    if (!isInTime) ended.kill("SIGKILL");
    await exit;
  }

  suspend(): void {
    process.kill(this.pid, "SIGSTOP");
  }

  resume(): void {
    process.kill(this.pid, "SIGCONT");
  }

  /** A client to look inside with, or to change settings; ended with the server. */
  client(options: { readonly username?: string; readonly password?: string } = {}): Redis {
    const client = new Redis({
      host: "127.0.0.1",
      port: this.port,
      retryStrategy: null,
      protocol: 2,
      enableReadyCheck: false,
      commandTimeout: 10_000,
      ...options,
    });
    client.on("error", () => {});
    this.#clients.add(client);
    return client;
  }

  /** Sends one command on a connection of its own. */
  async command(...words: readonly string[]): Promise<unknown> {
    const [name = "", ...rest] = words;
    const client = this.client();
    try {
      return await client.call(name, rest);
    } finally {
      client.disconnect();
      this.#clients.delete(client);
    }
  }

  async remove(): Promise<void> {
    for (const client of this.#clients) client.disconnect();
    await this.kill("SIGKILL");
    process.off("exit", this.#killAtExit);
    rmSync(this.folder, { recursive: true, force: true });
  }

  async #startOrRemove(): Promise<void> {
    try {
      await this.#start();
    } catch (error) {
      await this.remove();
      throw error;
    }
  }

  async #start(): Promise<void> {
    const fixed = this.#program.length > 0 ? {} : { port: `${this.port}`, dir: this.folder, bind: "127.0.0.1", save: "" };
    const settings: RedisSettings = { ...fixed, ...this.#settings };
    const words = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, ...(typeof value === "string" ? [value] : value)]);
    this.#output = "";
    const started = spawn("redis-server", [...this.#program, ...words], { cwd: this.folder, stdio: ["ignore", "pipe", "pipe"] });
    this.#process = started;
    for (const stream of [started.stdout, started.stderr]) stream.on("data", (chunk) => (this.#output += chunk));
    started.once("exit", () => {
      if (this.#process === started) this.#process = undefined;
    });
    const giveUpAt = performance.now() + startMsMax;
    while (performance.now() < giveUpAt && this.#process === started) {
      if (await this.#answers()) return;
      await sleep(20);
    }
    await this.kill();
    throw new Error(`redis-server does not answer on port ${this.port}:\n${this.#output}`);
  }

  async #answers(): Promise<boolean> {
    const client = this.client();
    try {
      await client.ping();
      return true;
    } catch (error) {
      return /^(NOAUTH|NOPERM|ERR)/.test((error as Error).message);
    } finally {
      client.disconnect();
      this.#clients.delete(client);
    }
  }
}

/** A cluster of masters without replicas, all slots assigned. */
export async function startRedisCluster(masters: number, settings: RedisSettings = durable): Promise<readonly RedisServer[]> {
  const nodes: RedisServer[] = [];
  try {
    for (let index = 0; index < masters; index++) {
      const own = {
        "cluster-enabled": "yes",
        "cluster-port": `${await freePort()}`,
        "cluster-node-timeout": "2000",
        "cluster-announce-ip": "127.0.0.1",
      };
      nodes.push(await RedisServer.start({ ...settings, ...own }));
    }
    const slots = 16_384;
    for (const [index, node] of nodes.entries()) {
      const [from, to] = [Math.floor((index * slots) / masters), Math.floor(((index + 1) * slots) / masters) - 1];
      await node.command("cluster", "addslotsrange", `${from}`, `${to}`);
      await node.command("cluster", "set-config-epoch", `${index + 1}`);
      const bus = String(await node.command("config", "get", "cluster-port")).split(",")[1] ?? "";
      for (const other of nodes.slice(0, index)) await other.command("cluster", "meet", "127.0.0.1", `${node.port}`, bus);
    }
    const giveUpAt = performance.now() + startMsMax;
    for (const node of nodes) {
      while (!isWholeCluster(String(await node.command("cluster", "info")), masters)) {
        if (performance.now() > giveUpAt) throw new Error("the nodes do not become a cluster");
        await sleep(50);
      }
    }
    return nodes;
  } catch (error) {
    await Promise.all(nodes.map((node) => node.remove()));
    throw error;
  }
}

function isWholeCluster(info: string, masters: number): boolean {
  return info.includes("cluster_state:ok") && info.includes(`cluster_known_nodes:${masters}`);
}

/** A port that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("a socket has a port");
  return address.port;
}

function hasProgram(): boolean {
  try {
    execFileSync("redis-server", ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
