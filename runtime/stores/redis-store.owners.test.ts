/** Owners in processes of their own: that die, sleep, or are too busy to say that they live. */
import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { lacksRedis, RedisServer } from "../faults/redis-server.fixture.js";
import { codeOf, commitAll, commitAt, differences, options, timing } from "./redis/journal.fixture.js";
import { keysOf } from "./redis/layout.js";
import { newOwner } from "./redis/owner.js";
import { connectRedisWith, type RedisTiming } from "./redis-store.js";
import type { Store } from "./store.js";

const program = fileURLToPath(new URL("../../dist/runtime/stores/redis/owner-program.fixture.js", import.meta.url));
const [meta] = keysOf("main");

/** An owner that is told line by line what to do. */
class OwnerProcess {
  readonly #process: ChildProcess;
  readonly #lines: string[] = [];
  #wake: () => void = () => {};

  constructor(url: string) {
    this.#process = spawn(process.execPath, [program, url, "main"], { stdio: ["pipe", "pipe", "inherit"] });
    if (this.#process.stdout === null) throw new Error("the pipe is there");
    createInterface({ input: this.#process.stdout }).on("line", (line) => {
      this.#lines.push(line);
      this.#wake();
    });
  }

  /** The next line that it prints. */
  async line(): Promise<string> {
    const giveUpAt = performance.now() + 20_000;
    while (this.#lines.length === 0) {
      if (performance.now() > giveUpAt) throw new Error("the owner says nothing");
      await Promise.race([new Promise<void>((resolve) => (this.#wake = resolve)), sleep(1_000)]);
    }
    return this.#lines.shift() ?? "";
  }

  tell(line: string): Promise<string> {
    this.#process.stdin?.write(`${line}\n`);
    return this.line();
  }

  signal(name: NodeJS.Signals): void {
    this.#process.kill(name);
  }

  async end(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const exit = new Promise((resolve) => this.#process.once("exit", resolve));
    this.#process.kill("SIGKILL");
    await exit;
  }
}

describe.skipIf(lacksRedis("owners of Redis journals"))("an owner of a Redis journal", { timeout: 60_000 }, () => {
  let server: RedisServer;
  const owners: OwnerProcess[] = [];
  const stores: Store[] = [];

  beforeAll(async () => {
    server = await RedisServer.start();
  });
  afterEach(async () => {
    vi.restoreAllMocks();
    for (const owner of owners.splice(0)) await owner.end();
    for (const store of stores.splice(0)) await store.close();
    await server.command("flushall");
  });
  afterAll(() => server?.remove());

  async function startOwner(): Promise<OwnerProcess> {
    const owner = new OwnerProcess(server.url);
    owners.push(owner);
    expect(await owner.line()).toMatch(/^open \d+$/);
    return owner;
  }
  async function connect(more: Partial<RedisTiming> = {}): Promise<Store> {
    const store = await connectRedisWith(server.url, options, { ...timing, ...more });
    stores.push(store);
    return store;
  }
  /** As if the owner stood on another machine, where nobody here can see whether it lives. */
  async function moveAway(): Promise<void> {
    const owner = JSON.parse(String(await server.command("hget", meta, "ownerIs")));
    await server.command("hset", meta, "ownerIs", JSON.stringify({ ...owner, host: "elsewhere" }));
  }
  const leaseEnd = async () => Number(await server.command("hget", meta, "lease"));

  test("that was killed is replaced at once on its own machine", async () => {
    const owner = await startOwner();
    expect(await owner.tell("commit 1")).toBe("done commit 1");
    await owner.end();
    const store = await connect({ leaseMs: 600_000 }); // nobody waits for a lease to end
    await server.command("hset", meta, "lease", `${Date.now() + 600_000}`);
    expect(await store.journals()).toEqual([{ name: "main", isOwned: false }]);
    const journal = await store.open("main");
    expect(journal).toMatchObject({ fence: 2, wasClosed: false, next: 2 });
    await journal.commit(commitAt(2));
  });

  test("whose number was given to another process is replaced at once", async () => {
    await (await (await connect()).open("main")).close();
    const gone = JSON.stringify({ ...newOwner(), started: "1" });
    await server.command("hset", meta, "owner", "gone", "ownerIs", gone, "open", "1", "lease", `${Date.now() + 600_000}`);
    expect(await (await connect()).open("main")).toMatchObject({ wasClosed: false });
  });

  test("that died on another machine is replaced when its lease has ended", async () => {
    const owner = await startOwner();
    await owner.end();
    await moveAway();
    const store = await connect();
    expect(await store.journals()).toEqual([{ name: "main", isOwned: true }]);
    expect(await leaseEnd()).toBeGreaterThan(Date.now()); // else this shows nothing
    const journal = await store.open("main");
    expect(journal).toMatchObject({ fence: 2, wasClosed: false });
    await journal.commit(commitAt(1));
  });

  test("that died before the server's clock was set back is replaced when the time of one lease has passed", async () => {
    const owner = await startOwner();
    await owner.end();
    await moveAway();
    await server.command("hset", meta, "lease", `${Date.now() + 3_600_000}`);
    expect(await (await connect()).open("main")).toMatchObject({ fence: 2, wasClosed: false });
  });

  test("that lives keeps the journal though it commits nothing, here and elsewhere", async () => {
    const owner = await startOwner();
    const store = await connect();
    const first = await leaseEnd();
    expect(await codeOf(store.open("main"))).toBe("DF_STORE_BUSY");
    await moveAway();
    expect(await codeOf(store.open("main"))).toBe("DF_STORE_BUSY");
    await sleep(timing.leaseMs + 200);
    expect(await codeOf(store.open("main"))).toBe("DF_STORE_BUSY");
    expect(await leaseEnd()).toBeGreaterThan(first + timing.leaseMs / 2);
    expect(await owner.tell("commit 1")).toBe("done commit 1");
  });

  test("that slept longer than its lease is refused when somebody has taken its place", async () => {
    const owner = await startOwner();
    expect(await owner.tell("commit 1")).toBe("done commit 1");
    owner.signal("SIGSTOP");
    const store = await connect();
    const journal = await store.open("main"); // once the lease has ended
    expect(journal).toMatchObject({ fence: 2, wasClosed: false, next: 2 });
    await journal.commit(commitAt(2));
    owner.signal("SIGCONT");
    expect(await owner.tell("commit 2")).toBe("DF_FENCED commit 2");
    expect(await owner.tell("commit 3")).toBe("DF_FENCED commit 3");
    expect(await owner.tell("close")).toBe("done close");
    await journal.commit(commitAt(3)); // its closing has changed nothing
    expect(await differences(journal, 1, 3)).toEqual([]);
    expect(await store.journals()).toEqual([{ name: "main", isOwned: true }]);
  });

  test("that slept longer than its lease goes on when nobody has taken its place", async () => {
    const owner = await startOwner();
    owner.signal("SIGSTOP");
    while (Number(await server.command("hget", meta, "lease")) > Date.now()) await sleep(50);
    owner.signal("SIGCONT");
    expect(await owner.tell("commit 1")).toBe("done commit 1");
    expect(await codeOf((await connect()).open("main"))).toBe("DF_STORE_BUSY");
  });

  test("whose commit was on its way while it was replaced is refused", async () => {
    const owner = await startOwner();
    server.suspend();
    const answer = owner.tell("commit 1");
    await sleep(200);
    owner.signal("SIGSTOP"); // the commit lies in the server's socket
    server.resume();
    await sleep(200);
    // Whether it came through before the replacement or not: the next owner sees what is there, and nothing is added.
    const journal = await (await connect()).open("main");
    const { next } = journal;
    await commitAll(journal, next, 3);
    owner.signal("SIGCONT");
    expect(await answer).toMatch(next === 2 ? /^(done|DF_FENCED) commit 1$/ : /^DF_FENCED commit 1$/);
    expect(await differences(journal, 1, 3)).toEqual([]);
  });

  test("that learns by its timer that it was replaced is refused without asking again", async () => {
    const journal = await (await connect()).open("main");
    await server.command("hincrby", meta, "fence", "1");
    await sleep(timing.renewMs + 300);
    await server.command("hincrby", meta, "fence", "-1");
    expect(await codeOf(journal.commit(commitAt(1)))).toBe("DF_FENCED");
  });

  test("keeps its lease by the server's clock, whatever its own one says", async () => {
    const journal = await (await connect()).open("main");
    const other = await connect();
    for (const jumpMs of [86_400_000, -86_400_000]) {
      const now = Date.now;
      vi.spyOn(Date, "now").mockImplementation(() => now() + jumpMs);
      expect(await codeOf(other.open("main"))).toBe("DF_STORE_BUSY");
      await journal.commit(commitAt(jumpMs > 0 ? 1 : 2));
      vi.restoreAllMocks();
      expect(Math.abs((await leaseEnd()) - timing.leaseMs - Date.now())).toBeLessThan(60_000);
    }
  });

  test("many that want a journal get it one after the other, each with a higher fence", async () => {
    const fences: number[] = [];
    const connections = await Promise.all(Array.from({ length: 8 }, () => connect()));
    await Promise.all(
      connections.map(async (store) => {
        for (;;) {
          try {
            const journal = await store.open("main");
            fences.push(journal.fence);
            await journal.commit(commitAt(journal.next));
            await journal.close();
            return;
          } catch (error) {
            if ((error as { code?: string }).code !== "DF_STORE_BUSY") throw error;
            await sleep(10);
          }
        }
      }),
    );
    expect(fences).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(await differences(await (await connect()).open("main"), 1, 8)).toEqual([]);
  });
});
