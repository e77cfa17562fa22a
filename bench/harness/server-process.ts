import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";

export interface ServerOptions {
  /** What it is called in errors. */
  readonly name: string;
  readonly command: string;
  /** Given the folder that is its own. */
  readonly args: (folder: string) => readonly string[];
  /** Added to the environment of this process. */
  readonly env?: Readonly<Record<string, string>>;
  /** Asked every 20 ms, with all that it has printed. */
  readonly isReady: (output: string) => boolean | Promise<boolean>;
  /** @defaultValue 20 s */
  readonly startMsMax?: number;
}

const START_MS_MAX = 20_000;
const END_MS_MAX = 10_000;
const POLL_MS = 20;
const OUTPUT_CHARACTERS_MAX = 10_000;

/**
 * A real server that a benchmark measures against: a process with a temporary folder of its own, which is its working directory. It ends with `stop()`, and with
 * this process however that ends, but by SIGKILL.
 */
export class ServerProcess {
  readonly #name: string;
  readonly #folder: string;
  readonly #options: ServerOptions;
  #process: ChildProcess;
  #output = "";
  #hasEnded = false;

  private constructor(options: ServerOptions) {
    const { name } = options;
    this.#name = name;
    this.#options = options;
    this.#folder = mkdtempSync(join(tmpdir(), `dataflower-bench-${name}-`));
    process.on("exit", this.#endAtOnce);
    for (const signal of SIGNALS) process.on(signal, this.#endWithThisProcess);
    this.#process = this.#spawn();
  }

  #spawn(): ChildProcess {
    const { command, args, env } = this.#options;
    const spawned = spawn(command, args(this.#folder), {
      cwd: this.#folder,
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#output = "";
    this.#hasEnded = false;
    for (const stream of [spawned.stdout, spawned.stderr]) stream?.on("data", (chunk) => this.#keep(String(chunk)));
    spawned.once("error", (error) => {
      this.#keep(error.message);
      this.#hasEnded = true;
    });
    spawned.once("exit", () => {
      this.#hasEnded = true;
    });
    return spawned;
  }

  /** Rejects with what it printed when it ends, or is not ready in time; then nothing is left of it. */
  static async start(options: ServerOptions): Promise<ServerProcess> {
    const server = new ServerProcess(options);
    try {
      await server.#waitUntilReady(options);
      return server;
    } catch (error) {
      await server.stop();
      throw error;
    }
  }

  get pid(): number {
    if (this.#process.pid === undefined) throw new Error(`Cannot tell the process id of ${this.#name} as it has not been started`);
    return this.#process.pid;
  }

  /** Its temporary folder. */
  get folder(): string {
    return this.#folder;
  }

  /** As `kill -9` does. Resolves when it has ended. */
  async kill(): Promise<void> {
    this.#process.kill("SIGKILL");
    const giveUpAt = performance.now() + END_MS_MAX;
    while (!this.#hasEnded && performance.now() < giveUpAt) await sleep(POLL_MS);
  }

  /** Starts it again, once killed, on what it has written to its folder. Begins at once; resolves when it is ready. */
  async restart(): Promise<void> {
    this.#process = this.#spawn();
    await this.#waitUntilReady(this.#options);
  }

  /** Kills it, as nothing that it holds is needed any more, waits until it has ended, and removes its folder. */
  async stop(): Promise<void> {
    await this.kill();
    process.off("exit", this.#endAtOnce);
    for (const signal of SIGNALS) process.off(signal, this.#endWithThisProcess);
    this.#removeFolder();
  }

  async #waitUntilReady({ isReady, startMsMax = START_MS_MAX }: ServerOptions): Promise<void> {
    const giveUpAt = performance.now() + startMsMax;
    while (!this.#hasEnded && performance.now() < giveUpAt) {
      if (await isReady(this.#output)) return;
      await sleep(POLL_MS);
    }
    throw new Error(
      `Cannot use ${this.#name} as it must be ready within ${startMsMax} ms: ${this.#hasEnded ? "it has ended" : "it is not"}\n${this.#output}`,
    );
  }

  #keep(text: string): void {
    this.#output = (this.#output + text).slice(-OUTPUT_CHARACTERS_MAX);
  }

  /** What was killed just now may still be in its last write. */
  #removeFolder(): void {
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 10, retryDelay: POLL_MS });
  }

  readonly #endAtOnce = (): void => {
    this.#process.kill("SIGKILL");
    this.#removeFolder();
  };

  readonly #endWithThisProcess = (): void => process.exit(1);
}

const SIGNALS = ["SIGTERM", "SIGINT", "SIGHUP"] as const;

/** A port of the loopback interface that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error(`Cannot find a free port as a socket must have one: ${address}`);
  return address.port;
}
