import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DataFlower } from "dataflower";
import { checkHanging, type HangInput, hangingTasks, maybeHanging } from "../../workloads/hanging-tasks.js";
import { monotonicMs } from "../clock.js";
import { digestOf } from "../digest.js";
import { LatencyHistogram } from "../latency-histogram.js";
import { measureArrivals } from "../open-loop/arrivals.js";

/** Tasks that never end, among others that do, at a constant load. */
export interface HangingParameters extends Pick<HangInput, "kind" | "seed" | "share"> {
  readonly threads: number;
  readonly ratePerSecond: number;
  readonly durationMs: number;
}

export interface HangingSample {
  /** All of them completed, with the right answer. */
  readonly runs: number;
  /** Tasks that hung, by the digest of their names. */
  readonly hangs: number;
  readonly hung: string;
  /** From each time-out to the beginning of the next attempt. */
  readonly noticedMs: readonly number[];
  /** Of the runs none of whose tasks hung, from when they were to begin; encoded. */
  readonly others: string;
  /** Of the load generator, encoded. */
  readonly lateness: string;
}

const WARM_RUNS = 200;

/** Rejects when a run does not complete with the right answer, or a task hung that must not or did not that must. */
export async function measureHangingTasks({ threads, ratePerSecond, durationMs, ...hanging }: HangingParameters): Promise<HangingSample> {
  const folder = mkdtempSync(join(tmpdir(), "dataflower-hanging-"));
  try {
    await using engine = await DataFlower.start({ workflows: [maybeHanging], workers: threads, store: "memory:" });
    const noticedMs: number[] = [];
    const run = async (runId: string, input: HangInput): Promise<void> => {
      noticedMs.push(...checkHanging(input, runId, await engine.run(maybeHanging, input, { runId })));
    };
    for (let value = 0; value < WARM_RUNS; value++) await run(`warm-${value}`, { ...hanging, kind: "none", folder, value });
    const others = LatencyHistogram.empty();
    const { runs, lateness } = await measureArrivals({
      ...{ ratePerSecond, durationMs, seed: hanging.seed },
      run: async (value, intendedMs) => {
        const runId = `run-${value}`;
        await run(runId, { ...hanging, folder, value });
        if (hangingTasks(hanging, runId).length === 0) others.recordMs(monotonicMs() - intendedMs);
      },
    });
    const hung = [...Array(runs).keys()].flatMap((value) => hangingTasks(hanging, `run-${value}`).map((task) => `${value}-${task}`));
    return { runs, hangs: hung.length, hung: digestOf(hung), noticedMs, others: others.encoded(), lateness };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
