/**
 * The file in the folder of a run that says which process measures it, so that `--continue` does not take a run that is still going:
 *
 *     no file ── claim() ──▶ ours ── release() ──▶ no file
 *     of a dead process ── claim() ──▶ ours
 *     of a process that lives, or that runs on another machine ── claim() ──▶ FolderError
 *
 * Two processes that find a dead one's file at the same moment could both take its place: it keeps people from mistakes, not programs.
 */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isAlive, type ProcessIdentity, thisProcess } from "../../runtime/stores/lmdb/machine.js";
import { FolderError, guarded } from "./run-folder.js";

export const OWNER_FILE = "owner.json";

export class RunOwner {
  readonly #file: string;

  private constructor(file: string) {
    this.#file = file;
  }

  /** Makes this process the one that measures the run in a folder. Throws FolderError where another one does, or may. */
  static claim(folder: string): RunOwner {
    const file = join(folder, OWNER_FILE);
    const owner = ownerIn(file);
    const alive = owner === undefined ? false : isAlive(owner);
    if (owner !== undefined && alive !== false) {
      const advice = alive === "unknown" ? ` on ${owner.host}; if it has ended, delete ${file}` : "";
      throw new FolderError(`Cannot continue ${folder} as one process measures a run at a time: found process ${owner.pid}${advice}`);
    }
    guarded(folder, () => {
      rmSync(file, { force: true });
      writeFileSync(file, `${JSON.stringify(thisProcess())}\n`, { flag: "wx" });
    });
    return new RunOwner(file);
  }

  release(): void {
    rmSync(this.#file, { force: true });
  }
}

/** Undefined where there is none, or a file that tells nothing: the machine went down before it was written. */
function ownerIn(file: string): ProcessIdentity | undefined {
  try {
    const { pid, host, started } = JSON.parse(readFileSync(file, "utf8")) as Partial<Record<keyof ProcessIdentity, unknown>>; // as: checked below
    if (!Number.isSafeInteger(pid) || typeof host !== "string") return undefined;
    return { pid: pid as number, host, started: typeof started === "string" ? started : undefined }; // as: just checked
  } catch {
    return undefined;
  }
}
