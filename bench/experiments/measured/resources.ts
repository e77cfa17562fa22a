import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { monitorEventLoopDelay, performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { measureClosedLoop } from "../../harness/closed-loop.js";
import type { Session } from "../../peers/graph/contender.js";
import { dataflower } from "../../peers/graph/dataflower.js";
import { graphOf } from "../../workloads/graphs.js";
import { spentMs, threadTimesMs } from "./processor-times.js";

export interface ResourcesArgument {
  readonly workload: string;
  readonly store: "memory" | "lmdb";
  readonly encode: "needed" | "always";
  /** Runs in flight; 0: the engine has nothing to do. */
  readonly inFlight: number;
  readonly threads: number;
  readonly warmupMs: number;
  readonly measureMs: number;
}

/** What an engine takes of its machine while it works, or has nothing to do. */
export interface Resources {
  readonly tasks: number;
  readonly elapsedMs: number;
  /** Of the control thread on a processor. */
  readonly controlMs: number;
  /** Of as many threads as there are workers, those that spent most beside the control thread. */
  readonly workersMs: readonly number[];
  /** Of all others: V8's own, which compile and collect garbage. */
  readonly helpersMs: number;
  readonly residentBytes: number;
  /** By how much timers of the control thread were late. */
  readonly delayP50Ms: number;
  readonly delayP99Ms: number;
  /** Bytes of the store in the end, and all tasks that it has kept: those of the warm-up, too. */
  readonly storedBytes: number;
  readonly storedTasks: number;
}

const NS_PER_MS = 1e6;
/** The timer of the monitor; what it is late by is what counts. */
const RESOLUTION_MS = 1;

/** Rejects when an answer is wrong. */
export async function measureResources(argument: ResourcesArgument): Promise<Resources> {
  const folder = mkdtempSync(join(tmpdir(), "dataflower-resources-"));
  try {
    const { workload, store, encode, threads } = argument;
    const kept = store === "lmdb" ? ({ store: `lmdb:${folder}`, durability: "process" } as const) : {};
    const session = await dataflower("default", { encode, ...kept }).open({ graph: graphOf(workload), threads, handlers: "sync" });
    const used = await whileOpen(session, argument);
    await session.close();
    return { ...used, storedBytes: sizeOf(folder) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function whileOpen(
  session: Session,
  { workload, inFlight, threads, warmupMs, measureMs }: ResourcesArgument,
): Promise<Omit<Resources, "storedBytes">> {
  const graph = graphOf(workload);
  const warmup = await measureClosedLoop(session, { graph, inFlight: Math.max(1, inFlight), durationMs: warmupMs });
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delays.enable();
  const before = threadTimesMs();
  const startMs = performance.now();
  const runs = inFlight === 0 ? await idle(measureMs) : (await measureClosedLoop(session, { graph, inFlight, durationMs: measureMs })).runs;
  const elapsedMs = performance.now() - startMs;
  const { main, others } = spentMs(before, threadTimesMs());
  delays.disable();
  return {
    tasks: runs * graph.size,
    storedTasks: (warmup.runs + runs) * graph.size,
    elapsedMs,
    controlMs: main,
    workersMs: others.slice(0, threads),
    helpersMs: others.slice(threads).reduce((sum, ms) => sum + ms, 0),
    residentBytes: process.memoryUsage.rss(),
    delayP50Ms: lateMs(delays.percentile(50)),
    delayP99Ms: lateMs(delays.percentile(99)),
  };
}

async function idle(ms: number): Promise<number> {
  await sleep(ms);
  return 0;
}

const lateMs = (ns: number) => Math.max(0, ns / NS_PER_MS - RESOLUTION_MS);

function sizeOf(folder: string): number {
  return readdirSync(folder).reduce((sum, file) => sum + statSync(join(folder, file)).blocks * BLOCK_BYTES, 0);
}

/** As the system counts what a file takes: LMDB's has holes. */
const BLOCK_BYTES = 512;
