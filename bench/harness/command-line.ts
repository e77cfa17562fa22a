import { execFile } from "node:child_process";
import { performance } from "node:perf_hooks";
import { promisify } from "node:util";

/** What a process printed, and how long it lived. */
export interface Printed {
  readonly stdout: string;
  readonly elapsedMs: number;
}

const PROGRAM = "dist/runtime/cli/main.js";
const TIMEOUT_MS = 180_000;
const OUTPUT_BYTES_MAX = 64 << 20;

/** Executes the program `dataflower` as a user would. Rejects with what it wrote on stderr unless it ends with 0. */
export function runCommandLine(packageRoot: string, args: readonly string[]): Promise<Printed> {
  return runNode([`${packageRoot}${PROGRAM}`, ...args], packageRoot);
}

/** Executes Node. Rejects with what it wrote on stderr unless it ends with 0. */
export async function runNode(args: readonly string[], cwd: string): Promise<Printed> {
  const startMs = performance.now();
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd, timeout: TIMEOUT_MS, maxBuffer: OUTPUT_BYTES_MAX });
  return { stdout, elapsedMs: performance.now() - startMs };
}

/** The one object that `--json` prints. */
export async function jsonOfCommandLine<T>(packageRoot: string, args: readonly string[]): Promise<T> {
  const { stdout } = await runCommandLine(packageRoot, [...args, "--json"]);
  return JSON.parse(stdout) as T; // as: the caller knows what the command prints
}
