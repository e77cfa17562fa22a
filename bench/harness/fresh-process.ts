import { execFile } from "node:child_process";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { RESULT_MARK } from "./result-mark.js";
import type { Parameters } from "./unit.js";

export interface Unit {
  readonly contender: string;
  /** Measured one after the other in the same process; one sample each. */
  readonly workloads: readonly string[];
  readonly parameters: Parameters;
  /** Options of Node, such as `--expose-gc`. @defaultValue none */
  readonly nodeFlags?: readonly string[];
}

/** What a process of its own may be told. */
export interface ProcessOptions {
  /** Ends the process when it aborts; what waits for it rejects. @defaultValue nothing does */
  readonly signal?: AbortSignal;
  /** Options of Node, such as `--expose-gc`. @defaultValue none */
  readonly nodeFlags?: readonly string[];
  /** Ends the process when it has taken so long. @defaultValue 180,000 */
  readonly timeoutMs?: number;
}

const CHILD = join("dist", "bench", "harness", "child.js");
const CALL_CHILD = join("dist", "bench", "harness", "call-child.js");
const PACKAGE_ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const TIMEOUT_MS = 180_000;
const OUTPUT_BYTES_MAX = 64 << 20;

/**
 * Measures a unit in a fresh process: nothing that ran before has warmed its code or filled its heap. Rejects with what it wrote on stderr.
 *
 * @param options `packageRoot`: which build is measured, this one without it
 */
export async function measureInFreshProcess(
  unit: Unit,
  { packageRoot = PACKAGE_ROOT, signal }: Pick<ProcessOptions, "signal"> & { readonly packageRoot?: string } = {},
): Promise<unknown[]> {
  const args = [join(packageRoot, CHILD), unit.contender, unit.workloads.join(","), JSON.stringify(unit.parameters)];
  const what = `${unit.contender} at ${unit.workloads.join(", ")}`;
  return samplesOf(await printedBy(what, args, { ...(signal && { signal }), nodeFlags: unit.nodeFlags ?? [] }), unit);
}

/**
 * Calls a function that a module exports, in a fresh process. Rejects with what it wrote on stderr.
 *
 * @param argument something that is JSON
 * @returns what it returns, as JSON
 */
export async function callInFreshProcess(module: URL, name: string, argument: object, options: ProcessOptions = {}): Promise<unknown> {
  const args = [join(PACKAGE_ROOT, CALL_CHILD), module.href, name, JSON.stringify(argument)];
  const printed = await printedBy(`${name} of ${basename(module.pathname)}`, args, options);
  return JSON.parse(printed.slice(printed.lastIndexOf(RESULT_MARK) + RESULT_MARK.length));
}

/** What a process printed. */
async function printedBy(
  what: string,
  args: readonly string[],
  { signal, nodeFlags = [], timeoutMs = TIMEOUT_MS }: ProcessOptions,
): Promise<string> {
  try {
    const options = { timeout: timeoutMs, maxBuffer: OUTPUT_BYTES_MAX, ...(signal && { signal }) };
    return (await promisify(execFile)(process.execPath, [...nodeFlags, ...args], options)).stdout;
  } catch (error) {
    if (isTimeout(error))
      throw new Error(`Cannot measure ${what} as its process must end within ${timeoutMs / 1e3} s: found it running`, { cause: error });
    throw new Error(`Cannot measure ${what} as its process failed: ${reasonOf(error)}`, { cause: error });
  }
}

function samplesOf(stdout: string, { workloads }: Unit): unknown[] {
  const samples = stdout
    .trimEnd()
    .split("\n")
    .map((line): unknown => JSON.parse(line));
  if (samples.length !== workloads.length) throw new Error(`${samples.length} samples instead of ${workloads.length}`);
  return samples;
}

/** Node says only that it has killed the process itself, and has no code of another reason to do so. */
function isTimeout(error: unknown): boolean {
  return error instanceof Error && "killed" in error && error.killed === true && "code" in error && error.code === null;
}

function reasonOf(error: unknown): string {
  const stderr = error instanceof Error && "stderr" in error ? String(error.stderr).trim() : "";
  return stderr === "" ? String(error) : stderr;
}
