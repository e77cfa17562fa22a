import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { DataFlower } from "dataflower";
import type { Durability } from "../../peers/durable/contender.js";
import { checkUnfinished, idOf, unfinishedRuns } from "../../workloads/unfinished-runs-workflow.js";
import { monotonicMs } from "../clock.js";
import { openStore, type StoreKind } from "../store.js";

const program = fileURLToPath(new URL("../unfinished-runs-program.js", import.meta.url));

/** A process is killed with so many runs unfinished, and another one goes on with them. */
export interface ResumptionParameters {
  readonly measure: "resumption";
  readonly threads: number;
  readonly store: StoreKind;
  readonly durability: Durability;
  readonly runs: number;
}

export interface ResumptionSample {
  /** Until start() has resolved: all that is unfinished has been read. */
  readonly startMs: number;
  /** From the call of start() to the end of the last run. */
  readonly doneMs: number;
}

/** Rejects when an answer is wrong or missing. */
export async function measureResumption({ threads, store: kind, durability, runs }: ResumptionParameters): Promise<ResumptionSample> {
  const store = await openStore(kind, durability);
  try {
    await dieWith([program, store.url, durability, String(runs)]);
    const from = monotonicMs();
    await using engine = await DataFlower.start({ workflows: [unfinishedRuns], workers: threads, store: store.url, durability });
    const startMs = monotonicMs() - from;
    for (let run = 0; run < runs; run++) {
      const found = await engine.get(unfinishedRuns, idOf(run));
      if (found === undefined) throw new Error(`Cannot count this as run ${run} must have been kept: it was not`);
      checkUnfinished(run, await found.result());
    }
    return { startMs, doneMs: monotonicMs() - from };
  } finally {
    await store.close();
  }
}

/** Rejects unless the program dies by its own kill. */
function dieWith(args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, (error, _stdout, stderr) => {
      if (error?.signal === "SIGKILL") resolve();
      else reject(new Error(`Cannot measure as a process must die with its runs unfinished: it ended otherwise: ${stderr}`));
    });
  });
}
