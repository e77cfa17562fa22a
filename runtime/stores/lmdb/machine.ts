/** What tells one start of a machine, and one process on it, from another. Where there is no `/proc` less is known, and nothing is assumed. */
import { readFileSync } from "node:fs";
import { hostname } from "node:os";

/** A process, so that another process that was given its number later is not taken for it. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly host: string;
  /** Start of the machine and of the process; undefined where that cannot be read. */
  readonly started: string | undefined;
}

/** Tells this start of the machine from others; undefined where that cannot be read. */
export function bootId(): string | undefined {
  return textOf("/proc/sys/kernel/random/boot_id");
}

export function thisProcess(): ProcessIdentity {
  return { pid: process.pid, host: hostname(), started: startOf(process.pid) };
}

/** Whether a process lives; "unknown" when it runs on another machine. */
export function isAlive({ pid, host, started }: ProcessIdentity): boolean | "unknown" {
  if (host !== hostname()) return "unknown";
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
  }
  const startedNow = startOf(pid);
  return started === undefined || startedNow === undefined || startedNow === started;
}

/** "ended" for a process whose parent has not yet asked how it ended. */
function startOf(pid: number): string | undefined {
  const stat = textOf(`/proc/${pid}/stat`);
  const boot = bootId();
  if (stat === undefined || boot === undefined) return undefined;
  // The second field is the program's name in parentheses, which may hold anything; state is the first field behind it, start the 20th.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return /^[ZX]/.test(fields[0] ?? "") ? "ended" : `${boot}:${fields[19]}`;
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8").trim();
  } catch {
    return undefined;
  }
}
