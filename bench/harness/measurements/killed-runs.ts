import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { factsOf, readLedger, valueAfter } from "../../workloads/steps.js";
import type { Life } from "../killed-run-program.js";
import { openStore } from "../store.js";

const program = fileURLToPath(new URL("../killed-run-program.js", import.meta.url));
const LIFE_MS_MAX = 90_000;

/** A run whose process is killed before a certain step, and which another process goes on with. */
export interface KilledRunParameters extends Omit<Life, "store" | "ledger"> {
  readonly store: "lmdb" | "redis" | "memory";
  readonly diesBefore: number;
}

export interface KilledRunSample {
  /** From the death to the end of the run in the other process, its start included. */
  readonly recoveryMs: number;
  /** Steps that were executed again. */
  readonly repeated: number;
  /** What those had taken before. */
  readonly lostMs: number;
  readonly value: number;
}

/** Rejects when the answer is wrong, a step was never done, or the process did not die where it was to. */
export async function measureKilledRun({ store: kind, diesBefore, ...life }: KilledRunParameters): Promise<KilledRunSample> {
  const folder = mkdtempSync(join(tmpdir(), "dataflower-killed-run-"));
  const ledger = join(folder, "ledger");
  const store = kind === "memory" ? { url: "memory:", close: async () => {} } : await openStore(kind, "process");
  try {
    await die({ ...life, ledger, store: store.url, diesBefore });
    const { value, endMs } = await live({ ...life, ledger, store: store.url });
    const { diedMs, repeated, lostMs } = factsOf(readLedger(ledger), life.steps, diesBefore);
    if (value !== valueAfter(life.steps))
      throw new Error(`Cannot count this as the run must give ${valueAfter(life.steps)}: it gave ${value}`);
    return { recoveryMs: endMs - diedMs, repeated, lostMs, value };
  } finally {
    await store.close();
    rmSync(folder, { recursive: true });
  }
}

interface Ended {
  readonly value: number;
  readonly endMs: number;
}

async function live(life: Life): Promise<Ended> {
  const { stdout } = await promisify(execFile)(process.execPath, [program, JSON.stringify(life)], { timeout: LIFE_MS_MAX });
  return JSON.parse(stdout) as Ended; // as: the program prints it
}

/** Rejects unless the process kills itself. */
async function die(life: Life): Promise<void> {
  const ended = await live(life).catch((error: { readonly signal?: string; readonly killed?: boolean; readonly stderr?: string }) => error);
  if ("signal" in ended && ended.signal === "SIGKILL" && ended.killed !== true) return;
  throw new Error(`Cannot measure as the process must die before step ${life.diesBefore}: it ended otherwise`, { cause: ended });
}
