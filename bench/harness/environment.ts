import { execFileSync } from "node:child_process";
import { availableParallelism, cpus, release, totalmem, type } from "node:os";

/** Where numbers come from: enough to know whether two results may be compared, nothing that names the machine or its user. */
export interface Environment {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly system: string;
  readonly node: string;
  readonly v8: string;
  /** Options of Node, NODE_OPTIONS included. */
  readonly flags: readonly string[];
  /** Commit, or `nogit` outside of a repository. */
  readonly commit: string;
  /** Whether files differed from the commit. */
  readonly isDirty: boolean;
  readonly time: string;
}

export function captureEnvironment(packageRoot: string): Environment {
  const status = git(packageRoot, "status", "--porcelain");
  return {
    cpu: cpus()[0]?.model ?? "unknown",
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release()}`,
    node: process.version,
    v8: process.versions.v8,
    flags: [...process.execArgv, ...(process.env.NODE_OPTIONS?.split(" ") ?? [])],
    commit: git(packageRoot, "rev-parse", "--short=7", "HEAD") ?? "nogit",
    isDirty: status !== undefined && status !== "",
    time: new Date().toISOString(),
  };
}

/** Undefined without git, outside of a repository and in one without commits. */
function git(folder: string, ...args: string[]): string | undefined {
  try {
    return execFileSync("git", args, { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  } catch {
    return undefined;
  }
}
