import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ownerLockName } from "./owner-lock.js";

/** Changes what the lock of a folder says of its owner. */
export function forgeOwnerLock(folder: string, change: Readonly<Record<string, unknown>>): void {
  const file = join(folder, ownerLockName);
  const holder = JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>;
  writeFileSync(file, JSON.stringify({ ...holder, ...change }));
}
