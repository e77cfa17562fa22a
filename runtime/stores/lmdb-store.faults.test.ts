import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { builtUrl } from "../engine/fixtures/built.fixture.js";
import { recordAt } from "./lmdb/record.fixture.js";
import { connectLmdb } from "./lmdb-store.js";
import type { Durability } from "./store.js";

/** What an LMDB store does when its process is killed, its disk fails or is full, and that it flushes when it says so. */

const program = fileURLToPath(builtUrl("runtime/stores/lmdb/program.fixture"));
/** A program that has not ended by itself by then is killed. */
const secondsMax = 20;
/** Kills at each durability. */
const kills = Number(process.env.DF_FAULT_KILLS ?? 25);
const seed = Number(process.env.DF_FAULT_SEED ?? 1);

let place: string;
let folder: string;

beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), "dataflower-lmdb-"));
  folder = join(place, "store");
});
afterEach(() => rmSync(place, { recursive: true }));

/** What is missing here is a failure in CI, and loud elsewhere. */
function skipped(what: string, works: boolean): boolean {
  if (works) return false;
  console.warn(`SKIPPED runtime/stores/lmdb-store.faults: cannot try ${what} here`);
  if (process.env.CI === "true") test(`${what} can be tried`, () => expect(works).toBe(true));
  return true;
}
const worksHere = (command: string, ...options: string[]): boolean => spawnSync(command, options).status === 0;
const noTrace = skipped(
  "failing system calls, as strace is missing or may not trace,",
  worksHere("strace", "-qq", "-o", "/dev/null", "true"),
);
const noMount = skipped(
  "a full disk, as this user may not mount one,",
  worksHere("unshare", "-m", "mount", "-t", "tmpfs", "tmpfs", "/mnt"),
);

/** Runs a command to its end and returns the lines that it printed. */
function linesOf(command: string, ...options: string[]): { readonly lines: readonly string[]; readonly status: number | null } {
  // One thread writes, so that the n-th call of a thread is the n-th of all.
  const env = { ...process.env, UV_THREADPOOL_SIZE: "1" };
  // `timeout` ends the whole group: what strace follows would outlive it.
  const { stdout, status } = spawnSync("timeout", ["-s", "KILL", `${secondsMax}`, command, ...options], { env, encoding: "utf8" });
  return { lines: stdout.trim().split("\n"), status };
}

const trace = (calls: string, inject: readonly string[], what: string, durability: Durability) => {
  const log = join(place, "trace");
  const faults = inject.flatMap((fault) => ["-e", `inject=${fault}`]);
  const ran = linesOf(
    "strace",
    "-f",
    "-qq",
    "-e",
    `trace=${calls}`,
    ...faults,
    "-o",
    log,
    process.execPath,
    program,
    what,
    folder,
    durability,
  );
  return { ...ran, calls: readFileSync(log, "utf8").split("\n") };
};

/** Opens the journal in this process and checks that each record up to the last is there and right. Returns the last position. */
async function lastThere(durability: Durability): Promise<{ readonly last: number; readonly wasClosed: boolean }> {
  const store = await connectLmdb(`lmdb:${folder}`, { durability, unavailableMsMax: 1_000, replicas: 0 });
  try {
    const journal = await store.open("main");
    let next = journal.first;
    for await (const { position, record } of journal.records(journal.first)) {
      expect(position).toBe(next);
      expect(Buffer.compare(record, recordAt(position, record.length))).toBe(0);
      next++;
    }
    expect(next).toBe(journal.next);
    const last = journal.next - 1;
    if (last > 0) expect(String(Buffer.from((await journal.run(`run-${last % 50}`)) ?? []))).toBe(String(last));
    if (last > 0) expect(String(Buffer.from((await journal.end(`run-${last % 50}`)) ?? []))).toBe(String(last));
    return { last, wasClosed: journal.wasClosed };
  } finally {
    await store.close();
  }
}

const lastDone = (lines: readonly string[]): number => Math.max(0, ...lines.map((line) => Number(/^done (\d+)$/.exec(line)?.[1] ?? 0)));

describe.skipIf(noTrace)("flushing", () => {
  /** For each step that the program took, how many flushes ended between its start and its end. */
  function flushesByStep(calls: readonly string[]): Map<string, number> {
    const found = new Map<string, number>();
    let step: string | undefined;
    for (const call of calls) {
      const [, verb, name] = /write\(1, "(try|done) (\w+)/.exec(call) ?? [];
      if (verb !== undefined) step = verb === "try" ? name : undefined;
      if (verb === "try" && name !== undefined) found.set(name, 0);
      if (step !== undefined && /fdatasync.*= 0/.test(call)) found.set(step, (found.get(step) ?? 0) + 1);
    }
    return found;
  }

  test("at disk a commit resolves after the disk has what it wrote, however slow that is", () => {
    const { calls, status } = trace("fdatasync,write", ["fdatasync:delay_enter=100000"], "few", "disk");
    expect(status).toBe(0);
    expect(flushesByStep(calls)).toEqual(new Map([..."12345"].map((step): [string, number] => [step, 1]).concat([["closing", 1]])));
  });

  test("at disk the page that points to a commit is written through", () => {
    const { calls } = trace("openat,pwrite64", [], "few", "disk");
    const through = calls.flatMap((call) => /data\.mdb", .*O_DSYNC.* = (\d+)$/.exec(call)?.[1] ?? []);
    expect(through).toHaveLength(1);
    expect(calls.filter((call) => call.includes(`pwrite64(${through[0]},`)).length).toBeGreaterThanOrEqual(6);
  });

  test("at process no commit waits for the disk, but giving the journal back does", () => {
    const { calls, status } = trace("fdatasync,write", ["fdatasync:delay_enter=100000"], "few", "process");
    expect(status).toBe(0);
    expect(flushesByStep(calls)).toEqual(new Map([..."12345"].map((step): [string, number] => [step, 0]).concat([["closing", 1]])));
  });
});

describe.skipIf(noTrace)("a failing disk", () => {
  test.each([
    ["disk", "fdatasync:error=EIO:when=5", "DF_STORE_POISONED"],
    ["disk", "pwrite64:error=EIO:when=9", "DF_STORE_POISONED"],
    ["disk", "pwrite64:error=ENOSPC:when=9", "DF_STORE_FULL"],
    ["disk", "pwrite64:error=EDQUOT:when=10", "DF_STORE_FULL"],
    ["process", "pwrite64:error=EIO:when=9", "DF_STORE_POISONED"],
    ["process", "pwrite64:error=EIO:when=10", "DF_STORE_POISONED"],
    ["process", "pwrite64:error=ENOSPC:when=9", "DF_STORE_FULL"],
  ] as const)("at %s, by %s, ends the store for its process as %s, and loses nothing", async (durability, fault, code) => {
    const { lines, status, calls } = trace("fdatasync,pwrite64", [fault], "fill", durability);
    expect(calls.filter((call) => call.includes("(INJECTED)"))).toHaveLength(1);
    const done = lastDone(lines);
    expect(done).toBeGreaterThan(0);
    // The program went on to its own end, with no rejection that nobody handles, and nothing that it read could be believed.
    expect({ status, end: lines.slice(-4) }).toEqual({
      status: 0,
      end: [`failed ${done + 1} ${code}`, `then ${code}`, `read ${code}`, `again ${code}`],
    });
    const { last, wasClosed } = await lastThere(durability);
    expect([done, done + 1]).toContain(last);
    expect(wasClosed).toBe(false);
  });

  test("that fails when the journal is given back at process says so", async () => {
    const { lines, status } = trace("fdatasync", ["fdatasync:error=EIO"], "few", "process");
    expect(status).toBe(1); // close() has thrown
    expect(lines).toContain("done 5");
    expect(lines.at(-1)).toBe("try closing");
    expect((await lastThere("process")).last).toBe(5);
  });
});

describe.skipIf(noMount)("a full disk", () => {
  test.each(["disk", "process"] as const)("at %s is refused while there is still room, and nothing is lost", (durability) => {
    mkdirSync(folder);
    const run = (what: string) => `"${process.execPath}" "${program}" ${what} "${folder}" ${durability}`;
    // Then the disk is filled to its last byte, and one process finds it so; the next one has room again.
    const [fill, few, check] = ["fill", "few", "check"].map(run);
    const rest = `"${folder}/rest"`;
    const script = `mount -t tmpfs -o size=24m tmpfs "${folder}" && ${fill}; cat /dev/zero > ${rest} 2>&1; ${few}; rm ${rest}; ${check}`;
    const { lines } = linesOf("unshare", "-m", "sh", "-c", script);
    const failed = lines.findIndex((line) => line.startsWith("failed"));
    const done = lastDone(lines.slice(0, failed));
    expect(done).toBeGreaterThan(10);
    const full = "DF_STORE_FULL";
    expect(lines.slice(failed, failed + 4)).toEqual([`failed ${done + 1} ${full}`, `then ${full}`, `read ${full}`, `again ${full}`]);
    expect(lines.slice(failed + 4)).toEqual([`opened 1 ${done + 1} false`, `there 1 ${done + 1}`]);
  });
});

describe("a process that is killed", () => {
  /** A small seeded generator, so that a failing sequence of moments can be repeated. */
  let state = seed;
  const below = (max: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state / 2 ** 32) * max;
  };

  /** Lets a process write and kills it some time after its first commit. Returns the lines that it printed. */
  async function killed(durability: Durability): Promise<string[]> {
    const child = spawn(process.execPath, [program, "write", folder, durability], { stdio: ["ignore", "pipe", "inherit"] });
    const end = new Promise((resolve) => child.once("close", resolve));
    const lines: string[] = [];
    const late = setTimeout(() => child.kill("SIGKILL"), secondsMax * 1_000);
    const afterMs = below(60);
    for await (const line of createInterface({ input: child.stdout })) {
      lines.push(line);
      if (line.startsWith("opened")) setTimeout(() => child.kill("SIGKILL"), afterMs);
    }
    clearTimeout(late);
    await end;
    return lines;
  }

  test.each(["process", "disk"] as const)("at %s has lost nothing that was acknowledged", { timeout: 600_000 }, async (durability) => {
    let before = 0;
    let commits = 0;
    for (let kill = 0; kill < kills; kill++) {
      const lines = await killed(durability);
      expect(lines[0]).toMatch(/^opened \d+ \d+ (true|false)$/);
      const done = Math.max(before, lastDone(lines));
      const { last, wasClosed } = await lastThere(durability);
      expect([done, done + 1], `kill ${kill} of seed ${seed}`).toContain(last); // the one in flight may be there
      expect(wasClosed).toBe(false);
      commits += last - before;
      before = last;
    }
    expect(commits).toBeGreaterThan(kills);
  });
});
