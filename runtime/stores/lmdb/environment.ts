/**
 * The database of a folder, as this process has it open: once for all connections, as LMDB has it once a process, too. Only the control
 * thread may open one: a thread that is ended inside a transaction stops all others of the process.
 *
 *     open ── a commit or a flush fails ──▶ poisoned: for good, for the whole process
 *
 * After a failed commit LMDB cannot tell what of it will be there after a crash, so nothing is read either.
 *
 * Two settings, by durability:
 *   disk      a commit resolves when its pages, then the page that points to them, have been flushed; one that fails leaves nothing
 *   process   nothing is flushed until the store is given back; the system writes when it likes, and a mark in the folder says so
 */
import type { RootDatabase } from "lmdb";
import { assert } from "../../../actors/kernel/assert.js";
import { DataFlowerError } from "../../../actors/kernel/errors.js";
import type { Durability } from "../store.js";
import { freeBytes } from "./folder.js";

/** Room that a commit leaves on the disk. LMDB survives a full one, but what else is written there may not. */
export const freeBytesMin = 4 << 20;
/** Up to here a commit that need not be flushed is written by the thread that asks for it. */
const briefBytesMax = 128 * 1024;
/** Largest value that is taken; LMDB itself ends at four times as much. */
export const valueBytesMax = 1 << 30;

const noRoom: ReadonlySet<unknown> = new Set([28 /* ENOSPC */, 122 /* EDQUOT */, 27 /* EFBIG */, -30792 /* MDB_MAP_FULL */]);
const notLmdb: ReadonlySet<unknown> = new Set([-30793 /* MDB_INVALID */, -30794 /* MDB_VERSION_MISMATCH */, -30796 /* MDB_CORRUPTED */]);
const isBroken: ReadonlySet<unknown> = new Set([-30796 /* MDB_CORRUPTED */, -30797 /* MDB_PAGE_NOTFOUND */]);

export class Environment {
  static readonly #opened = new Map<string, Environment>();

  readonly folder: string;
  readonly durability: Durability;
  readonly #database: RootDatabase<Buffer, Buffer>;
  #connections = 0;
  #poison: DataFlowerError | undefined;

  private constructor(folder: string, durability: Durability, database: RootDatabase<Buffer, Buffer>) {
    this.folder = folder;
    this.durability = durability;
    this.#database = database;
  }

  /** @throws DF_STORE_BUSY when this process has it open at another durability, DF_STORE_POISONED, DF_CHECKPOINT_CORRUPT, DF_STORE_UNAVAILABLE */
  static async connect(folder: string, durability: Durability): Promise<Environment> {
    const { open } = await import("lmdb");
    const environment = Environment.#opened.get(folder) ?? new Environment(folder, durability, opened(open, folder, durability));
    environment.#requireUsable();
    if (environment.durability !== durability) {
      const text = `Cannot open the store in ${folder} at durability ${durability} as this process has it open at another: found ${environment.durability}`;
      throw new DataFlowerError("DF_STORE_BUSY", text);
    }
    Environment.#opened.set(folder, environment);
    environment.#connections++;
    return environment;
  }

  /** Reads what is committed now. What `read` is handed must not be kept. */
  read<Result>(read: (database: RootDatabase<Buffer, Buffer>) => Result): Result {
    this.#requireUsable();
    assert(this.#connections > 0, "what was closed is not read: LMDB would end the process");
    this.#database.resetReadTxn();
    try {
      return read(this.#database);
    } catch (error) {
      if (error instanceof DataFlowerError) throw error;
      throw this.#poisoned("be read", error);
    }
  }

  /**
   * Does all that `write` does in one transaction, or nothing when it throws.
   *
   * @param bytes how many it writes, about; undefined: so few that it is tried on a full disk, too
   * @throws DF_STORE_FULL, DF_STORE_POISONED, DF_CHECKPOINT_CORRUPT when LMDB finds its own pages damaged
   */
  async transact<Result>(bytes: number | undefined, write: (database: RootDatabase<Buffer, Buffer>) => Result): Promise<Result> {
    this.#requireUsable();
    if (bytes !== undefined) this.#requireRoom(bytes);
    let refused: unknown;
    const written = () => {
      try {
        return write(this.#database);
      } catch (error) {
        refused = error;
        throw error;
      }
    };
    // Where nothing is flushed, to write a little takes less time than to have another thread do it.
    const isBrief = this.durability === "process" && (bytes ?? 0) <= briefBytesMax;
    try {
      return await (isBrief ? this.#database.transactionSync(written) : this.#database.childTransaction(written));
    } catch (error) {
      if (refused instanceof DataFlowerError && error === refused) throw error; // rolled back, with nothing written
      throw this.#poisoned("take a commit", await causeOf(error));
    }
  }

  /** Resolves when all that was committed has been flushed. @throws DF_STORE_POISONED */
  async flush(): Promise<void> {
    this.#requireUsable();
    const database = this.#database as unknown as { sync(whenDone: (error?: unknown) => void): void }; // missing in the types of lmdb
    try {
      await new Promise<void>((resolve, reject) => database.sync((error) => (error ? reject(error) : resolve())));
    } catch (error) {
      throw this.#poisoned("be flushed", error);
    }
  }

  get isPoisoned(): boolean {
    return this.#poison !== undefined;
  }

  async disconnect(): Promise<void> {
    this.#connections--;
    // What is poisoned stays open, and known: whoever opened it again in this process might believe what it reads.
    if (this.#connections > 0 || this.#poison !== undefined) return;
    Environment.#opened.delete(this.folder);
    await this.#database.close();
  }

  #requireUsable(): void {
    if (this.#poison !== undefined) throw this.#poison;
  }

  #requireRoom(bytes: number): void {
    const free = freeBytes(this.folder);
    if (free - bytes >= freeBytesMin) return;
    throw this.#full(
      `${Math.ceil(bytes / 1024)} KiB are to be written and ${freeBytesMin / 1024} stay free: found ${Math.floor(free / 1024)} KiB free`,
    );
  }

  #full(found: string, cause?: unknown): DataFlowerError {
    this.#poison ??= new DataFlowerError("DF_STORE_FULL", `Cannot write to the store in ${this.folder} as ${found}`, { cause });
    return this.#poison;
  }

  #poisoned(what: string, cause: unknown): DataFlowerError {
    const { code, message } = cause as { code?: unknown; message?: unknown };
    if (noRoom.has(code)) return this.#full(`a commit needs room on the disk: found ${String(message)}`, cause);
    const text = `Cannot use the store in ${this.folder} any more in this process as it could not ${what}: found ${String(message)}`;
    this.#poison ??= new DataFlowerError(isBroken.has(code) ? "DF_CHECKPOINT_CORRUPT" : "DF_STORE_POISONED", text, { cause });
    return this.#poison;
  }
}

function opened(open: typeof import("lmdb").open, folder: string, durability: Durability): RootDatabase<Buffer, Buffer> {
  const options = {
    path: folder,
    noSubdir: false, // otherwise a folder with a dot in its name becomes a file
    permissionsMode: 0o600, // missing in the types of lmdb
    encoding: "binary",
    keyEncoding: "binary",
    overlappingSync: false, // it shows commits before they are flushed, and goes on showing those whose flush failed
    noSync: durability === "process",
    eventTurnBatching: false, // otherwise a failed commit rejects a second promise that nobody can reach
  } as const;
  try {
    return open<Buffer, Buffer>(options);
  } catch (error) {
    const { code, message } = error as { code?: unknown; message?: unknown };
    if (notLmdb.has(code)) {
      throw new DataFlowerError(
        "DF_CHECKPOINT_CORRUPT",
        `Cannot open the store in ${folder} as its file is no LMDB database: found ${String(message)}`,
        { cause: error },
      );
    }
    throw new DataFlowerError("DF_STORE_UNAVAILABLE", `Cannot open the store in ${folder} as LMDB could not: found ${String(message)}`, {
      cause: error,
    });
  }
}

/**
 * Why a commit failed. lmdb tells it by a promise that rejects beside the commit's own, and that would end the process when nobody listened.
 */
async function causeOf(error: unknown): Promise<unknown> {
  const { commitError } = error as { commitError?: unknown };
  if (!(commitError instanceof Promise)) return error;
  return commitError.then(
    () => error,
    (cause: unknown) => cause,
  );
}
