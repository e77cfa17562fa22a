/** Who owns a journal: a process, known well enough that another one on the same machine can tell that it has died. */
import { randomUUID } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";

export interface Owner {
  /** Drawn anew for every opening: what the store compares. */
  readonly id: string;
  /** The machine since its start, and on Linux the namespace in which `pid` means something. */
  readonly host: string;
  readonly pid: number;
  /** When the process began, in whatever unit the system has: numbers of processes are used again. */
  readonly started: string;
}

export function newOwner(): Owner {
  return { id: randomUUID(), host: hostId(), pid: process.pid, started: startOf(process.pid) ?? "" };
}

/** What another process has written about itself; undefined when it is nothing of the kind. */
export function readOwner(json: string): Owner | undefined {
  try {
    const { id, host, pid, started } = JSON.parse(json) as Partial<Owner>;
    if (typeof id !== "string" || typeof host !== "string" || !Number.isSafeInteger(pid) || typeof started !== "string") return undefined;
    return { id, host, pid: pid as number, started };
  } catch {
    return undefined;
  }
}

/** Whether an owner is known to have died; false: nobody knows. */
export function isDead({ host, pid, started }: Owner): boolean {
  return host === hostId() && startOf(pid) !== started;
}

/** Owners that this process has at the moment: others that it has been may still stand in a store that could not be told. */
export const owners = new Set<string>();

/** For errors: which process. */
export function shownOwner(owner: Owner | undefined): string {
  if (owner === undefined) return "an engine that does not say who it is";
  const host = owner.host.split(" ")[0]?.replace(/[^A-Za-z0-9._-]/g, "?");
  return `process ${owner.pid} on ${host}`;
}

function hostId(): string {
  return [
    hostname(),
    tryOr("", () => readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()),
    tryOr("", () => readlinkSync("/proc/self/ns/pid")),
  ]
    .filter((part) => part !== "")
    .join(" ");
}

/** Undefined: there is no such process. */
function startOf(pid: number): string | undefined {
  if (process.platform !== "linux") return tryOr(undefined, () => (process.kill(pid, 0) ? "" : undefined));
  const stat = tryOr("", () => readFileSync(`/proc/${pid}/stat`, "utf8"));
  // The second field is the program's name, which may hold anything.
  const [state = "", ...rest] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return state === "" || state === "Z" || state === "X" ? undefined : rest[18];
}

function tryOr<T>(otherwise: T, read: () => T): T {
  try {
    return read();
  } catch {
    return otherwise;
  }
}
