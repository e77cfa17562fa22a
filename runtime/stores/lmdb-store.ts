/**
 * Journals in a folder of this machine, by LMDB. One process at a time owns the folder and may write, any number read. For the layout see
 * `lmdb/layout.ts`, for what is flushed when `lmdb/environment.ts`, for who may write `lmdb/owner-lock.ts`.
 *
 *     FOLDER/           0700
 *       data.mdb        0600, the database
 *       lock.mdb        0600, LMDB's own: readers, and whose turn it is to write
 *       owner.lock      0600, the process that owns the folder, while there is one
 *       unflushed       0600, at durability process: while commits may not have been flushed
 */
import { resolve } from "node:path";
import type { RootDatabase } from "lmdb";
import { assert } from "../../actors/kernel/assert.js";
import { DataFlowerError } from "../../actors/kernel/errors.js";
import { assertCommit } from "./assert-commit.js";
import { Environment, valueBytesMax } from "./lmdb/environment.js";
import { isMarkedUnflushed, markUnflushed, prepareFolder, requireDatabase, requireFlushed, unmarkUnflushed } from "./lmdb/folder.js";
import * as layout from "./lmdb/layout.js";
import { isOwnerAlive, OwnerLock } from "./lmdb/owner-lock.js";
import { isRunId, requireJournalName } from "./names.js";
import type { Commit, Connect, Journal, JournalView, Store, StoredRecord, StoredRun } from "./store.js";

/** What a transaction uses. In one, what is put or removed is so when the call returns: what LMDB's package returns says nothing. */
type Database = Pick<RootDatabase<Buffer, Buffer>, "getBinary" | "getRange"> & {
  readonly put: (key: Buffer, value: Buffer) => unknown;
  readonly remove: (key: Buffer) => unknown;
};

/** Bytes that a commit writes beside its values: pages of the tree, from the root to each place. */
const overheadBytes = 64 * 1024;

/** Connects to `lmdb:PATH`, a folder, which is made when there is none. */
export const connectLmdb: Connect = async (url, { durability }) => {
  const path = url.slice("lmdb:".length);
  if (!url.startsWith("lmdb:") || path === "" || path.includes("\0") || /^\/\/[^/]/.test(path)) {
    throw new DataFlowerError(
      "DF_STORE_UNSUPPORTED",
      `Cannot connect to this store as a folder is written lmdb:PATH: found ${JSON.stringify(url)}`,
    );
  }
  if (durability === "replicated") {
    throw new DataFlowerError(
      "DF_DURABILITY_UNSUPPORTED",
      `Cannot keep durability replicated in ${url} as a folder lies on one machine: use disk or process`,
    );
  }
  const folder = prepareFolder(resolve(path));
  requireFlushed(folder);
  requireDatabase(folder);
  return new LmdbStore(url, await Environment.connect(folder, durability));
};

class LmdbStore implements Store {
  readonly shownUrl: string;
  readonly #environment: Environment;
  readonly #journals = new Map<string, LmdbJournal | "being opened">();
  #lock: OwnerLock | undefined;
  #isClosed = false;

  constructor(shownUrl: string, environment: Environment) {
    this.shownUrl = shownUrl;
    this.#environment = environment;
  }

  async open(name: string): Promise<Journal> {
    requireJournalName(name);
    this.#assertOpen();
    if (this.#journals.has(name)) {
      throw new DataFlowerError(
        "DF_STORE_BUSY",
        `Cannot open the journal ${name} of ${this.shownUrl} as a journal has one owner: found this engine`,
      );
    }
    this.#lock ??= OwnerLock.acquire(this.#environment.folder);
    this.#journals.set(name, "being opened");
    try {
      await this.#prepareFlushing();
      const before = await this.#environment.transact(overheadBytes, (database) => takeOver(database, name));
      const journal = new LmdbJournal(name, this.#environment, before, () => this.#giveBack(name));
      this.#journals.set(name, journal);
      return journal;
    } catch (error) {
      await this.#giveBack(name);
      throw error;
    }
  }

  async view(name: string): Promise<JournalView | undefined> {
    this.#assertOpen();
    if (!isRunId(name)) return undefined; // names of journals are like ids of runs
    return this.#environment.read((database) => (headIn(database, name) === undefined ? undefined : new LmdbView(name, this.#environment)));
  }

  async journals(): Promise<readonly { readonly name: string; readonly isOwned: boolean }[]> {
    this.#assertOpen();
    const { folder } = this.#environment;
    const isAlive = isOwnerAlive(folder);
    return this.#environment.read((database) => {
      requireFormat(database);
      const heads = [...database.getRange({ start: layout.headsStart, end: layout.headsEnd })];
      return heads.map(({ key, value }) => {
        const name = layout.nameOf(key);
        return { name, isOwned: isAlive && layout.headOf(name, value).isOwned };
      });
    });
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    const closing = [...this.#journals.values()].map((journal) => (journal === "being opened" ? undefined : journal.close()));
    const closed = await Promise.allSettled(closing);
    await this.#environment.disconnect();
    for (const result of closed) if (result.status === "rejected") throw result.reason;
  }

  /** What an owner before has not flushed is flushed before anything is built on it. */
  async #prepareFlushing(): Promise<void> {
    const { folder, durability } = this.#environment;
    if (durability === "process") return markUnflushed(folder);
    if (!isMarkedUnflushed(folder)) return;
    await this.#environment.flush();
    unmarkUnflushed(folder);
  }

  async #giveBack(name: string): Promise<void> {
    this.#journals.delete(name);
    if (this.#journals.size > 0) return;
    try {
      if (this.#environment.durability === "process" && !this.#environment.isPoisoned) {
        await this.#environment.flush();
        unmarkUnflushed(this.#environment.folder);
      }
    } finally {
      this.#lock?.release();
      this.#lock = undefined;
    }
  }

  #assertOpen(): void {
    assert(!this.#isClosed, "a connection that was closed is not used");
  }
}

class LmdbView implements JournalView {
  readonly name: string;
  protected readonly environment: Environment;

  constructor(name: string, environment: Environment) {
    this.name = name;
    this.environment = environment;
  }

  async run(id: string): Promise<Uint8Array | undefined> {
    return isRunId(id) ? this.environment.read((database) => database.getBinary(layout.entryKey(this.name, id))) : undefined;
  }

  async end(id: string): Promise<Uint8Array | undefined> {
    return isRunId(id) ? this.environment.read((database) => database.getBinary(layout.endKey(this.name, id))) : undefined;
  }

  async runs(after: string | undefined, limit: number): Promise<readonly StoredRun[]> {
    const range = layout.entriesBehind(this.name, after);
    return this.environment.read((database) =>
      [...database.getRange({ ...range, limit })].map(({ key, value }) => ({ id: layout.idOf(this.name, key), entry: value })),
    );
  }
}

class LmdbJournal extends LmdbView implements Journal {
  readonly fence: number;
  readonly wasClosed: boolean;
  readonly first: number;
  readonly next: number;
  readonly #whenClosed: () => Promise<void>;
  #next: number;
  /** Why no other commit is taken. */
  #failure: unknown;
  #isClosed = false;

  constructor(name: string, environment: Environment, before: layout.Head, whenClosed: () => Promise<void>) {
    super(name, environment);
    this.fence = before.fence + 1;
    this.wasClosed = !before.isOwned;
    this.first = before.first;
    this.next = before.next;
    this.#next = before.next;
    this.#whenClosed = whenClosed;
  }

  async commit(commit: Commit): Promise<void> {
    assert(!this.#isClosed, "a journal that was given back takes no commit");
    const kind = assertCommit(commit, this.#next);
    if (this.#failure !== undefined) throw this.#failure;
    try {
      const bytes = bytesOf(commit);
      await this.environment.transact(bytes, (database) => {
        const head = ownHead(database, this.name, this.fence);
        if (kind === "new") write(database, this.name, head, commit);
      });
      this.#next = commit.position + 1;
    } catch (error) {
      this.#failure = error;
      throw error;
    }
  }

  async *records(from: number): AsyncGenerator<StoredRecord> {
    assert(!this.#isClosed, "a journal that was given back is not read");
    const next = this.#next;
    for (let position = from; position < next; position++) {
      // One at a time and no range that stays open: the reader may take its time, and an old reader makes the file grow.
      const record = this.environment.read((database) => database.getBinary(layout.recordKey(this.name, position)));
      if (record === undefined) {
        throw new DataFlowerError("DF_CHECKPOINT_LOST", `Cannot read record ${position} of the journal ${this.name} as it is not there`);
      }
      yield { position, record };
    }
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    try {
      if (this.#failure === undefined) await this.environment.transact(undefined, (database) => handBack(database, this.name, this.fence));
    } finally {
      await this.#whenClosed();
    }
  }
}

/** @returns the head as it was */
function takeOver(database: Database, name: string): layout.Head {
  const before = headIn(database, name) ?? layout.newHead;
  database.put(layout.formatKey, Buffer.from(`${layout.formatVersion}`));
  database.put(layout.headKey(name), layout.headBytes(name, { ...before, fence: before.fence + 1, isOwned: true }));
  return before;
}

/** Does nothing when another owner has come. */
function handBack(database: Database, name: string, fence: number): void {
  const head = headIn(database, name);
  if (head?.fence === fence) database.put(layout.headKey(name), layout.headBytes(name, { ...head, isOwned: false }));
}

/** The head, when its owner is still the one with this fence. @throws DF_FENCED */
function ownHead(database: Database, name: string, fence: number): layout.Head {
  const head = headIn(database, name);
  if (head?.fence === fence) return head;
  throw new DataFlowerError(
    "DF_FENCED",
    `Cannot commit to the journal ${name} as it has another owner: found fence ${head?.fence} instead of ${fence}`,
  );
}

function headIn(database: Database, name: string): layout.Head | undefined {
  requireFormat(database);
  const bytes = database.getBinary(layout.headKey(name));
  return bytes && layout.headOf(name, bytes);
}

/** @throws DF_CHECKPOINT_VERSION when a newer version has written here */
function requireFormat(database: Database): void {
  const bytes = database.getBinary(layout.formatKey);
  if (bytes === undefined) return; // new
  const found = Number(bytes.toString());
  if (found >= 1 && found <= layout.formatVersion) return;
  const text = `Cannot use this store as this version of dataflower knows formats up to ${layout.formatVersion}: found ${JSON.stringify(bytes.toString())}`;
  throw new DataFlowerError("DF_CHECKPOINT_VERSION", text);
}

function write(database: Database, name: string, head: layout.Head, { position, record, runs, cutBefore = 0 }: Commit): void {
  const first = Math.max(head.first, cutBefore);
  for (let cut = head.first; cut < first; cut++) database.remove(layout.recordKey(name, cut));
  database.put(layout.recordKey(name, position), bufferOf(record));
  for (const { id, entry, end } of runs) {
    if (entry === undefined) {
      database.remove(layout.entryKey(name, id));
      database.remove(layout.endKey(name, id));
      continue;
    }
    database.put(layout.entryKey(name, id), bufferOf(entry));
    if (end !== undefined) database.put(layout.endKey(name, id), bufferOf(end));
  }
  database.put(layout.headKey(name), layout.headBytes(name, { ...head, first, next: position + 1 }));
}

/** @throws DF_STORE_FULL for a value that is too large */
function bytesOf({ record, runs }: Commit): number {
  let bytes = overheadBytes;
  for (const value of [record, ...runs.flatMap(({ entry, end }) => [entry, end])]) {
    if (value === undefined) continue;
    if (value.length > valueBytesMax) {
      throw new DataFlowerError("DF_STORE_FULL", `Cannot store a value as LMDB takes up to ${valueBytesMax} bytes: found ${value.length}`);
    }
    bytes += value.length;
  }
  return bytes;
}

const bufferOf = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
