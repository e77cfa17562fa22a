import { execFile } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Parameters } from "./unit.js";

export interface Unit {
  readonly contender: string;
  /** Measured one after the other in the same process; one sample each. */
  readonly workloads: readonly string[];
  readonly parameters: Parameters;
  /** Options of Node, such as `--expose-gc`. @defaultValue none */
  readonly nodeFlags?: readonly string[];
}

const CHILD = join("dist", "bench", "harness", "child.js");
const PACKAGE_ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const TIMEOUT_MS = 180_000;
const OUTPUT_BYTES_MAX = 64 << 20;

/**
 * Measures a unit in a fresh process: nothing that ran before has warmed its code or filled its heap. Rejects with what it wrote on stderr.
 *
 * @param packageRoot which build is measured; this one without it
 */
export async function measureInFreshProcess(unit: Unit, packageRoot = PACKAGE_ROOT): Promise<unknown[]> {
  const args = [
    ...(unit.nodeFlags ?? []),
    join(packageRoot, CHILD),
    unit.contender,
    unit.workloads.join(","),
    JSON.stringify(unit.parameters),
  ];
  try {
    const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: TIMEOUT_MS, maxBuffer: OUTPUT_BYTES_MAX });
    return samplesOf(stdout, unit);
  } catch (error) {
    throw new Error(`Cannot measure ${unit.contender} at ${unit.workloads.join(", ")} as its process failed: ${reasonOf(error)}`, {
      cause: error,
    });
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

function reasonOf(error: unknown): string {
  const stderr = error instanceof Error && "stderr" in error ? String(error.stderr).trim() : "";
  return stderr === "" ? String(error) : stderr;
}
