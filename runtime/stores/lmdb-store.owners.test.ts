import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { crc32 } from "node:zlib";
import { open } from "lmdb";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { builtUrl } from "../engine/fixtures/built.fixture.js";
import { runProgram } from "../engine/fixtures/program.fixture.js";
import { valueBytesMax } from "./lmdb/environment.js";
import { networkFileSystem } from "./lmdb/folder.js";
import { forgeOwnerLock } from "./lmdb/forged-lock.fixture.js";
import { ownerLockName } from "./lmdb/owner-lock.js";
import { recordAt } from "./lmdb/record.fixture.js";
import { connectLmdb } from "./lmdb-store.js";
import type { Durability, Store } from "./store.js";

/** Who may use a folder, and which folders can be used. */

const program = fileURLToPath(builtUrl("runtime/stores/lmdb/program.fixture"));
const noBytes = new Uint8Array();

let folder: string;
let stores: Store[];
let children: ChildProcess[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dataflower-lmdb-"));
  stores = [];
  children = [];
});
afterEach(async () => {
  for (const child of children) child.kill("SIGKILL");
  await Promise.allSettled(stores.map((store) => store.close()));
  rmSync(folder, { recursive: true, force: true });
});

async function connect(path = folder, durability: Durability = "process"): Promise<Store> {
  const store = await connectLmdb(`lmdb:${path}`, { durability, unavailableMsMax: 1_000, replicas: 0 });
  stores.push(store);
  return store;
}

const failure = async (promise: Promise<unknown>): Promise<{ code?: string; message: string }> =>
  promise.then(
    () => ({ message: "nothing was thrown" }),
    (error: { code?: string; message: string }) => error,
  );

/** Starts a process that owns the folder until it is ended. */
async function holder(): Promise<ChildProcess> {
  const child = spawn(process.execPath, [program, "hold", folder, "process"], { stdio: ["pipe", "pipe", "inherit"] });
  children.push(child);
  for await (const line of createInterface({ input: child.stdout })) if (line.startsWith("opened")) return child;
  throw new Error("the process opens the journal before it ends");
}

const ended = (child: ChildProcess): Promise<unknown> => new Promise((resolve) => child.once("close", resolve));

/** Without a turn of the event loop, in which the process would be asked how it ended: a killed one dies when the system gets to it. */
function awaitZombie(pid: number): void {
  for (const until = Date.now() + 5_000; !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "latin1")); ) {
    if (Date.now() > until) expect.fail(`process ${pid} does not die`);
  }
}

describe("an owner in another process", () => {
  test("is named to whoever comes second, who can read what it writes", async () => {
    const child = await holder();
    const store = await connect();
    const { code, message } = await failure(store.open("main"));
    expect(code).toBe("DF_STORE_BUSY");
    expect(message).toContain(`process ${child.pid} on `);
    expect((await failure(store.open("other"))).code).toBe("DF_STORE_BUSY"); // a folder has one owner, not a journal
    expect(await store.journals()).toEqual([{ name: "main", isOwned: true }]);
    expect(await (await store.view("main"))?.run("none")).toBeUndefined();
  });

  test("that gave the journal back is followed without ado", async () => {
    const child = await holder();
    const end = ended(child);
    child.stdin?.end();
    await end;
    expect((await (await connect()).open("main")).wasClosed).toBe(true);
  });

  test("that was killed is replaced, also before anybody has asked how it ended", async () => {
    const child = await holder();
    const end = ended(child);
    const store = await connect();
    process.kill(child.pid as number, "SIGKILL"); // this process learns of the end only at its next turn
    awaitZombie(child.pid as number);
    const journal = await store.open("main");
    expect(journal).toMatchObject({ wasClosed: false, fence: 2 });
    expect(await store.journals()).toEqual([{ name: "main", isOwned: true }]);
    await end;
  });

  test("that is stopped still owns its folder", async () => {
    const child = await holder();
    child.kill("SIGSTOP");
    expect((await failure((await connect()).open("main"))).code).toBe("DF_STORE_BUSY");
  });
});

describe("the lock of a folder", () => {
  test("is replaced when its process's number belongs to another process by now", async () => {
    const journal = await (await connect()).open("main");
    forgeOwnerLock(folder, { pid: process.ppid, started: "earlier" });
    const other = await (await connect()).open("main");
    expect(other.fence).toBe(journal.fence + 1);
    expect((await failure(journal.commit({ position: 1, record: noBytes, runs: [] }))).code).toBe("DF_FENCED");
    await journal.close();
    expect((await failure((await connect()).open("main"))).code).toBe("DF_STORE_BUSY"); // the lock was not the first one's to remove
  });

  test("is left alone when it is of another machine, and the message says what to do", async () => {
    await (await connect()).open("main");
    forgeOwnerLock(folder, { host: "elsewhere" });
    const { code, message } = await failure((await connect()).open("main"));
    expect(code).toBe("DF_STORE_BUSY");
    expect(message).toContain(`delete ${join(folder, ownerLockName)}`);
  });

  test.each(["", "{", "[]", '{"pid":"x"}'])("is replaced when a crash of the machine has left only %j of it", async (left) => {
    writeFileSync(join(folder, ownerLockName), left);
    expect((await (await connect()).open("main")).fence).toBe(1);
  });

  test("is gone once the last journal was given back", async () => {
    const store = await connect();
    const [first, second] = [await store.open("a"), await store.open("b")];
    const isThere = () => statSync(join(folder, ownerLockName), { throwIfNoEntry: false }) !== undefined;
    await first.close();
    expect(isThere()).toBe(true);
    await second.close();
    expect(isThere()).toBe(false);
  });
});

describe("a folder", () => {
  test("is made for its owner's eyes only, at a path with a dot too", async () => {
    const path = join(folder, "deep", "some.store");
    const store = await connect(path);
    await store.open("main");
    const modes = [".", "data.mdb", "lock.mdb", ownerLockName, "unflushed"].map((name) =>
      (statSync(join(path, name)).mode & 0o777).toString(8),
    );
    expect(modes).toEqual(["700", "600", "600", "600", "600"]);
    expect(store.shownUrl).toBe(`lmdb:${path}`);
  });

  test("may be given by a path from the working directory", async () => {
    await (await connect()).open("main");
    const other = await connect(relative(process.cwd(), folder));
    expect((await failure(other.open("main"))).code).toBe("DF_STORE_BUSY");
  });

  test("that is a file, lies below one, or cannot be made is refused", async () => {
    const file = join(folder, "file");
    writeFileSync(file, "");
    for (const path of [file, join(file, "below"), "/proc/none"]) {
      const { code, message } = await failure(connect(path));
      expect(code).toBe("DF_STORE_UNAVAILABLE");
      expect(message).toContain(path);
    }
  });

  test.each(["lmdb:", "lmdb://host/path", "lmdb:a\0b", "redis:x"])("is not named by %j", async (url) => {
    const connecting = connectLmdb(url, { durability: "disk", unavailableMsMax: 1_000, replicas: 0 });
    expect((await failure(connecting)).code).toBe("DF_STORE_UNSUPPORTED");
  });

  test("keeps no copy on another machine", async () => {
    expect((await failure(connect(folder, "replicated"))).code).toBe("DF_DURABILITY_UNSUPPORTED");
  });

  test("is open at one durability in a process", async () => {
    await connect(folder, "process");
    expect((await failure(connect(folder, "disk"))).code).toBe("DF_STORE_BUSY");
    await stores.pop()?.close();
    await connect(folder, "disk");
  });

  test("on a file system that other machines write to is told by its type", () => {
    expect([0x6969, 0x517b, 0xff534d42, 0xff534d42 | 0, 0xfe534d42].map(networkFileSystem)).toEqual(["NFS", "SMB", "CIFS", "CIFS", "SMB2"]);
    const local = { ext4: 0xef53, tmpfs: 0x01021994, btrfs: 0x9123683e, xfs: 0x58465342, fuse: 0x65735546, overlay: 0x794c7630 };
    for (const type of Object.values(local)) expect(networkFileSystem(type)).toBeUndefined();
  });

  test("that holds something else under the database's name is refused, and stays as it is", async () => {
    const file = join(folder, "data.mdb");
    writeFileSync(file, "this is no database".repeat(1_000));
    expect((await failure(connect())).code).toBe("DF_CHECKPOINT_CORRUPT");
    expect(readFileSync(file, "utf8")).toBe("this is no database".repeat(1_000));
  });

  test("whose database is gone is not taken for a new one", async () => {
    await (await connect()).open("main");
    await stores.pop()?.close();
    rmSync(join(folder, "data.mdb"));
    const { code, message } = await failure(connect());
    expect([code, message]).toEqual(["DF_CHECKPOINT_LOST", expect.stringContaining(folder)]);
    expect(existsSync(join(folder, "data.mdb"))).toBe(false);
  });

  test("whose pages are damaged says so, at once and for good", async () => {
    const journal = await (await connect()).open("main");
    for (let position = 1; position <= 50; position++) await journal.commit({ position, record: new Uint8Array(1_000).fill(1), runs: [] });
    await stores.pop()?.close();
    const file = readFileSync(join(folder, "data.mdb"));
    const metas = [file.subarray(24), file.subarray(4096 + 24)]; // by LMDB's lmdb.h: root of the data, number of the commit
    const newest = metas.sort((left, right) => Number(right.readBigUInt64LE(128) - left.readBigUInt64LE(128)))[0] as Buffer;
    const root = Number(newest.readBigUInt64LE(112));
    file.fill(0, root * 4096, (root + 1) * 4096);
    writeFileSync(join(folder, "data.mdb"), file);
    const store = await connect();
    for (const asked of [() => store.open("main"), () => store.view("main"), () => store.open("other")])
      expect((await failure(asked())).code).toBe("DF_CHECKPOINT_CORRUPT");
  });

  test("whose machine went down before commits were flushed is refused at every durability", async () => {
    const journal = await (await connect()).open("main");
    await journal.commit({ position: 1, record: noBytes, runs: [] });
    await stores.pop()?.close();
    writeFileSync(join(folder, "unflushed"), "another-start-of-the-machine\n");
    for (const durability of ["process", "disk"] as const) {
      const { code, message } = await failure(connect(folder, durability));
      expect(code).toBe("DF_CHECKPOINT_CORRUPT");
      expect(message).toContain(`delete ${join(folder, "unflushed")}`);
    }
    rmSync(join(folder, "unflushed"));
    expect((await (await connect(folder, "disk")).open("main")).next).toBe(2);
  });
});

/** Writes into the database past the store, while nobody has it open. */
async function plant(key: string, value: string): Promise<void> {
  const database = open<Buffer, Buffer>({ path: folder, encoding: "binary", keyEncoding: "binary", overlappingSync: false });
  await database.put(Buffer.from(key), Buffer.from(value));
  await database.close();
}

async function planted(key: string): Promise<string | undefined> {
  const database = open<Buffer, Buffer>({ path: folder, encoding: "binary", keyEncoding: "binary", overlappingSync: false });
  const found = database.getBinary(Buffer.from(key))?.toString();
  await database.close();
  return found;
}

describe("what lies in the database", () => {
  test.each(["2", "", "x", "-1", "1.5"])("of format %j is refused and not changed", async (format) => {
    await (await connect()).open("main");
    await stores.pop()?.close();
    await plant("f", format);
    const head = await planted("hmain");
    const store = await connect();
    const asked = [store.open("main"), store.open("new"), store.view("main"), store.journals()].map(failure);
    for (const { code } of await Promise.all(asked)) expect(code).toBe("DF_CHECKPOINT_VERSION");
    await store.close();
    expect([await planted("f"), await planted("hmain"), await planted("hnew")]).toEqual([format, head, undefined]);
  });

  test("that became newer while the journal was open takes no commit of an older version", async () => {
    const journal = await (await connect()).open("main");
    await plant("f", "2");
    expect((await failure(journal.commit({ position: 1, record: noBytes, runs: [] }))).code).toBe("DF_CHECKPOINT_VERSION");
  });

  /** Of the right sum, whatever it says. */
  const summed = (text: string) => `${crc32(text, crc32("main")).toString(16).padStart(8, "0")}${text}`;
  test.each([
    ...["", "{", "[]", '{"fence":1,"isOwned":false,"first":1,"next":1}', '00000000{"fence":1,"isOwned":false,"first":1,"next":1}'],
    ...["", "[]", '{"fence":0,"isOwned":false,"first":1,"next":1}', '{"fence":1,"isOwned":false,"first":3,"next":1}'].map(summed),
  ])("as a head %j is damaged, and is left so", async (head) => {
    await (await connect()).open("main");
    await stores.pop()?.close();
    await plant("hmain", head);
    const store = await connect();
    expect((await failure(store.open("main"))).code).toBe("DF_CHECKPOINT_CORRUPT");
    expect((await store.open("other")).next).toBe(1);
    await store.close();
    expect(await planted("hmain")).toBe(head);
  });

  test("may be a value of 40 MiB", async () => {
    const large = new Uint8Array(40 << 20).fill(1);
    const journal = await (await connect()).open("main");
    await journal.commit({ position: 1, record: large, runs: [{ id: "a", entry: noBytes, end: large }] });
    const end = await journal.end("a");
    await journal.commit({
      position: 2,
      record: noBytes,
      runs: [{ id: "a", entry: noBytes, end: new Uint8Array(40 << 20).fill(2) }],
      cutBefore: 2,
    });
    await journal.commit({ position: 3, record: new Uint8Array(40 << 20).fill(3), runs: [] });
    expect(Buffer.compare(end ?? noBytes, large)).toBe(0);
  });

  test("is all of a commit or nothing, when it goes wrong in the middle", async () => {
    const journal = await (await connect()).open("main");
    await journal.commit({ position: 1, record: recordAt(1), runs: [{ id: "run-1", entry: noBytes }] });
    const gone = new Uint8Array(10);
    structuredClone(gone, { transfer: [gone.buffer] }); // its bytes belong to somebody else by now
    const runs = [
      { id: "run-1", entry: undefined },
      { id: "run-2", entry: gone },
    ];
    expect((await failure(journal.commit({ position: 2, record: recordAt(2), runs }))).code).toBe("DF_STORE_POISONED");
    await stores.pop()?.close();
    const { stdout } = await runProgram([program, "check", folder, "process"]); // this process does not use the folder again
    expect(stdout).toBe("opened 1 2 false\nthere 1 2\n");
    expect(await planted("rmain\0run-1")).toBe("");
  });

  test("is never a value larger than LMDB takes, and the journal ends there", async () => {
    const journal = await (await connect()).open("main");
    const huge = new Uint8Array(valueBytesMax + 1); // never written to, so the machine need not have the memory
    expect((await failure(journal.commit({ position: 1, record: noBytes, runs: [{ id: "a", entry: noBytes, end: huge }] }))).code).toBe(
      "DF_STORE_FULL",
    );
    expect((await failure(journal.commit({ position: 1, record: noBytes, runs: [] }))).code).toBe("DF_STORE_FULL");
    await stores.pop()?.close();
    expect(await (await connect()).open("main")).toMatchObject({ next: 1 });
  });

  test("is not touched once it was closed", async () => {
    const store = await connect();
    const journal = await store.open("main");
    const view = await store.view("main");
    await store.close();
    const asked = [view?.run("a"), journal.run("a"), store.view("main"), store.open("main"), store.journals()].map((each) =>
      failure(Promise.resolve(each)),
    );
    for (const { code } of await Promise.all(asked)) expect(code).toBe("DF_INTERNAL");
  });
});
