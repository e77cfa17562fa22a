/**
 * The file beside the data that says which process may write, so that a second engine is told at once, and by whom. It appears whole, as a
 * link to a file that has been written, and the link fails where there is one already.
 *
 *     no file ── acquire() ──▶ ours ── release() ──▶ no file
 *     of a dead process ── acquire() ──▶ ours
 *     of a process that lives, or that runs on another machine ── acquire() ──▶ DF_STORE_BUSY
 *
 * Two processes that find a dead one's file at the same moment could both take its place, for an instant. What keeps journals whole even
 * then is the fence in the database, which is checked within each transaction.
 */
import { randomUUID } from "node:crypto";
import { linkSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DataFlowerError } from "../../../actors/kernel/errors.js";
import { isAlive, type ProcessIdentity, thisProcess } from "./machine.js";

export const ownerLockName = "owner.lock";

interface Holder extends ProcessIdentity {
  /** Tells two locks of one process apart. */
  readonly id: string;
}

export class OwnerLock {
  readonly #file: string;
  readonly #id: string;

  private constructor(file: string, id: string) {
    this.#file = file;
    this.#id = id;
  }

  /** @throws DF_STORE_BUSY, DF_STORE_UNAVAILABLE when the file cannot be made */
  static acquire(folder: string): OwnerLock {
    const file = join(folder, ownerLockName);
    const holder: Holder = { ...thisProcess(), id: randomUUID() };
    const draft = `${file}.${holder.id}`;
    try {
      writeFileSync(draft, JSON.stringify(holder), { mode: 0o600, flag: "wx" });
      if (!isLinked(draft, file)) {
        requireDead(folder, file);
        rmSync(file, { force: true });
        if (!isLinked(draft, file)) requireDead(folder, file, "is being opened by another process at this moment");
      }
      return new OwnerLock(file, holder.id);
    } catch (error) {
      if (error instanceof DataFlowerError) throw error;
      const text = `Cannot own the store in ${folder} as a file beside the data says who owns it: ${(error as Error).message}`;
      throw new DataFlowerError("DF_STORE_UNAVAILABLE", text, { cause: error });
    } finally {
      rmSync(draft, { force: true });
    }
  }

  /** Removes the file, unless another process has taken its place. */
  release(): void {
    if (holderOf(this.#file)?.id === this.#id) rmSync(this.#file, { force: true });
  }
}

/** Whether a process that may be alive owns the folder, as far as can be seen from here. */
export function isOwnerAlive(folder: string): boolean {
  const holder = holderOf(join(folder, ownerLockName));
  return holder !== undefined && isAlive(holder) !== false;
}

function isLinked(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/** @throws DF_STORE_BUSY when the holder may be alive, or whatever `found` says instead of it */
function requireDead(folder: string, file: string, found?: string): void {
  const holder = holderOf(file);
  const alive = holder === undefined ? false : isAlive(holder); // a file that tells nothing was not flushed when the machine went down
  if (alive === false && found === undefined) return;
  throw new DataFlowerError(
    "DF_STORE_BUSY",
    `Cannot own the store in ${folder} as one process owns it at a time: found that it ${found ?? shown(file, holder, alive)}`,
  );
}

function shown(file: string, holder: Holder | undefined, alive: boolean | "unknown"): string {
  if (holder?.pid === process.pid && alive === true) return `is owned by this process, ${process.pid}`;
  const named = `is owned by process ${holder?.pid} on ${holder?.host}`;
  return alive === true ? named : `${named}, of which nothing is known here; if it has ended, delete ${file}`;
}

/** Undefined when there is no file, or none that an owner has written: those appear whole. */
function holderOf(file: string): Holder | undefined {
  try {
    const { pid, host, started, id } = JSON.parse(readFileSync(file, "utf8")) as Partial<Record<keyof Holder, unknown>>;
    if (!Number.isSafeInteger(pid) || typeof host !== "string" || typeof id !== "string") return undefined;
    return { pid: pid as number, host, started: typeof started === "string" ? started : undefined, id };
  } catch {
    return undefined;
  }
}
