/** The folder of an LMDB store: whether it can be used at all, and whether what lies in it may be trusted. */
import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  realpathSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { endianness } from "node:os";
import { dirname, join } from "node:path";
import { DataFlowerError } from "../../../actors/kernel/errors.js";
import { bootId } from "./machine.js";

/** Types of file systems, as statfs tells them, on which other machines write: a memory map and a lock mean nothing to those. */
const networkFileSystems: ReadonlyMap<number, string> = new Map([
  [0x6969, "NFS"],
  [0x517b, "SMB"],
  [0xff534d42, "CIFS"],
  [0xfe534d42, "SMB2"],
]);

/** Name of the network file system that has this type; undefined for any other. */
export const networkFileSystem = (type: number): string | undefined => networkFileSystems.get(type >>> 0);

/**
 * Makes the folder where there is none, readable for its owner only.
 *
 * @returns its path without links
 * @throws DF_STORE_UNAVAILABLE, DF_STORE_UNSUPPORTED on a network file system
 */
export function prepareFolder(path: string): string {
  let folder: string;
  let type: number;
  try {
    makeFolder(path);
    folder = realpathSync(path);
    if (!statSync(folder).isDirectory()) throw new Error("it is a file");
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    type = statfsSync(folder).type;
  } catch (error) {
    const text = `Cannot use ${path} as a store as it must be a folder that this user can write: ${(error as Error).message}; correct the path or its rights`;
    throw new DataFlowerError("DF_STORE_UNAVAILABLE", text, { cause: error });
  }
  const network = networkFileSystem(type);
  if (network === undefined) return folder;
  throw new DataFlowerError(
    "DF_STORE_UNSUPPORTED",
    `Cannot use ${path} as a store as it must lie on a disk of this machine: found ${network}; use redis:// to share a store`,
  );
}

/**
 * Looks at the head of the database's file, as LMDB itself ends the process when it is asked to open a file that is none of its own.
 *
 * @throws DF_CHECKPOINT_CORRUPT, DF_CHECKPOINT_LOST
 */
export function requireDatabase(folder: string): void {
  const file = join(folder, "data.mdb");
  if (!existsSync(file)) {
    requireNew(folder);
    return; // one will be made
  }
  if (statSync(file).size === 0) return; // likewise
  const head = Buffer.alloc(headBytes);
  const descriptor = openSync(file, "r");
  try {
    readSync(descriptor, head, 0, headBytes, 0);
  } finally {
    closeSync(descriptor);
  }
  const [found, version] =
    endianness() === "LE" ? [head.readUInt32LE(24), head.readUInt32LE(28)] : [head.readUInt32BE(24), head.readUInt32BE(28)];
  if (found === magic && version === magicVersion && statSync(file).size >= 2 * pageBytesMin) return;
  throw new DataFlowerError(
    "DF_CHECKPOINT_CORRUPT",
    `Cannot open the store in ${folder} as its file data.mdb is no LMDB database: found ${head.subarray(24).toString("hex")} at its head`,
  );
}

/** LMDB makes the file of its locks first, and nothing removes it: where it is, there has been a database. */
function requireNew(folder: string): void {
  if (!existsSync(join(folder, "lock.mdb"))) return;
  throw new DataFlowerError(
    "DF_CHECKPOINT_LOST",
    `Cannot open the store in ${folder} as its file data.mdb must be there: it is not; bring it back, or delete the folder to begin anew`,
  );
}

/** What LMDB writes at byte 24 of its file: its own mark, and the version of its format. */
const magic = 0xbeefc0de;
const magicVersion = 2;
const headBytes = 32;
const pageBytesMin = 4096;

/** Makes a folder and those above it, one by one: what Node brings for that never returns where the system makes none, as in `/proc`. */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error; // another process was faster
  }
}

/** Bytes that may still be written to the folder's file system. */
export function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}

/**
 * A mark in the folder while commits there may not have been flushed: at the level `process` nothing is, and what a machine leaves when it
 * goes down in the middle can be anything. The mark names the start of the machine, so the next one knows.
 */
const markName = "unflushed";

/** A mark appears whole: half of one would be taken for that of another start of the machine. */
export function markUnflushed(folder: string): void {
  const file = join(folder, markName);
  const unnamed = `${file}.new`;
  writeFileSync(unnamed, `${bootId() ?? ""}\n`, { mode: 0o600, flush: true });
  renameSync(unnamed, file);
  flushFolder(folder);
}

export const isMarkedUnflushed = (folder: string): boolean => existsSync(join(folder, markName));

export function unmarkUnflushed(folder: string): void {
  rmSync(join(folder, markName), { force: true });
}

/** @throws DF_CHECKPOINT_CORRUPT when the machine went down while commits were not flushed */
export function requireFlushed(folder: string): void {
  const file = join(folder, markName);
  if (!existsSync(file)) return;
  const marked = readFileSync(file, "utf8").trim();
  if (marked === (bootId() ?? "")) return;
  throw new DataFlowerError(
    "DF_CHECKPOINT_CORRUPT",
    `Cannot trust the store in ${folder} as it was written at durability process, which does not survive that the machine goes down: found that the machine was started since; use another folder, or delete ${file} to use it nevertheless`,
  );
}

function flushFolder(folder: string): void {
  const descriptor = openSync(folder, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
