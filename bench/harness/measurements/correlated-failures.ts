import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { DataFlower, DataFlowerError, type Engine } from "dataflower";
import { loadTaskGraph } from "../../peers/graph/dataflower.js";
import { graphOf } from "../../workloads/graphs.js";
import { Answers, inputOf } from "../../workloads/inputs.js";
import { exhausting, exiting, poisoned } from "../../workloads/lost-threads.js";
import { asFailure } from "../as-failure.js";
import { monotonicMs } from "../clock.js";
import { LatencyHistogram } from "../latency-histogram.js";
import { measureArrivals } from "../open-loop/arrivals.js";
import { type RedisServer, startRedisServer } from "../redis-server.js";

/** What happens to all runs of a thread, or of the store, at once. */
export const faults = ["none", "exit", "oom", "poison", "redis-none", "redis-stop", "redis-kill"] as const;
export type Fault = (typeof faults)[number];

/** One fault under a constant load of runs that have no part in it. */
export interface CorrelatedParameters {
  readonly fault: Fault;
  readonly threads: number;
  readonly ratePerSecond: number;
  readonly durationMs: number;
  /** How long a store is away. */
  readonly outageMs: number;
  readonly seed: number;
}

export interface CorrelatedSample {
  /** Innocent runs that were accepted, those that completed with the right answer, and those that were found by their ids afterwards, completed. */
  readonly accepted: number;
  readonly completed: number;
  readonly found: number;
  /** Of innocent runs, from when they were to begin; encoded. */
  readonly latency: string;
  /** Of the load generator, encoded. */
  readonly lateness: string;
  readonly worstMs: number;
  /**
   * From the end of the thread, or from its heap beginning to fill, to the next attempt of the task; from the submission of the poisoned run to its
   * failure; from the end of the outage, which is when the store goes on or is started again, to the end of the last innocent run that was under way
   * then. Undefined where nothing fails.
   */
  readonly recoveryMs?: number;
}

const WORKLOAD = "fan-10";
const HEAP_MB_MAX = 64;
const WARM_RUNS = 100;
/** The fault comes with the run that begins when about this share of the load has been offered. */
const FAULT_AT = 0.3;

const idOf = (index: number) => `innocent-${index}`;

/** Rejects when an answer is wrong, or when the fault itself does not end as it must. What is lost or fails is counted. */
export async function measureCorrelatedFailures(parameters: CorrelatedParameters): Promise<CorrelatedSample> {
  const server = parameters.fault.startsWith("redis") ? await startRedisServer("everysec") : undefined;
  const folder = mkdtempSync(join(tmpdir(), "dataflower-correlated-"));
  try {
    return await new Trial(parameters, server, join(folder, "note")).measure();
  } finally {
    rmSync(folder, { recursive: true });
    await server?.stop();
  }
}

/** Of the load during which the fault came. */
interface Faulted {
  readonly recoveryMs: number | undefined;
  readonly lateness: string;
}

class Trial {
  readonly #parameters: CorrelatedParameters;
  readonly #server: RedisServer | undefined;
  readonly #note: string;
  readonly #answers = new Answers(graphOf(WORKLOAD));
  readonly #latency = LatencyHistogram.empty();
  #accepted = 0;
  #completed = 0;
  /** Innocent runs from their submission on, accepted or not. */
  readonly #underWay = new Set<Promise<void>>();

  constructor(parameters: CorrelatedParameters, server: RedisServer | undefined, note: string) {
    this.#parameters = parameters;
    this.#server = server;
    this.#note = note;
  }

  async measure(): Promise<CorrelatedSample> {
    const { taskGraph } = await loadTaskGraph({ graph: graphOf(WORKLOAD), handlers: "sync" });
    let engine = await this.#start(taskGraph);
    try {
      for (let warm = 0; warm < WARM_RUNS; warm++) await engine.run(taskGraph, inputOf(warm));
      const { recoveryMs, lateness } = await this.#loadAndFault(engine, taskGraph);
      if (this.#server !== undefined) {
        await engine.close();
        engine = await this.#start(taskGraph); // what it finds is what the store has kept
      }
      const found = await this.#find(engine, taskGraph);
      return {
        ...{ accepted: this.#accepted, completed: this.#completed, found },
        ...{ latency: this.#latency.encoded(), lateness, worstMs: this.#latency.maxUs / 1e3 },
        ...(recoveryMs !== undefined && { recoveryMs }),
      };
    } finally {
      await engine.close({ grace: 0 });
    }
  }

  #start(taskGraph: TaskGraphWorkflow): Promise<Engine> {
    const store = this.#server === undefined ? { store: "memory:" } : ({ store: this.#server.url, durability: "process" } as const);
    const workflows = [taskGraph, exiting, exhausting, poisoned];
    return DataFlower.start({ workflows, workers: this.#parameters.threads, limits: { heapMbMax: HEAP_MB_MAX }, ...store });
  }

  async #loadAndFault(engine: Engine, taskGraph: TaskGraphWorkflow): Promise<Faulted> {
    const { ratePerSecond, durationMs, seed } = this.#parameters;
    const faultAt = Math.floor((FAULT_AT * ratePerSecond * durationMs) / 1000);
    let recovering: Promise<number | undefined> | undefined;
    const run = (index: number, intendedMs: number) => {
      if (index === faultAt) recovering = this.#fault(engine);
      const ending = this.#run(engine, taskGraph, index, intendedMs).finally(() => this.#underWay.delete(ending));
      this.#underWay.add(ending);
      return ending;
    };
    const { lateness } = await measureArrivals({ ratePerSecond, durationMs, seed, run });
    if (recovering === undefined) throw new Error(`Cannot measure as the load must go on beyond run ${faultAt}: it did not`);
    return { recoveryMs: await recovering, lateness };
  }

  async #run(engine: Engine, taskGraph: TaskGraphWorkflow, index: number, intendedMs: number): Promise<void> {
    const run = await engine.submit(taskGraph, inputOf(index), { runId: idOf(index) });
    this.#accepted++;
    const ended = await run.result().catch(asFailure);
    this.#latency.recordMs(monotonicMs() - intendedMs);
    if (ended instanceof DataFlowerError) return;
    this.#answers.check(index, ended);
    this.#completed++;
  }

  /** @returns how long it took until all was well again */
  async #fault(engine: Engine): Promise<number | undefined> {
    const { fault, outageMs } = this.#parameters;
    switch (fault) {
      case "exit":
        return (await engine.run(exiting, this.#note)) - this.#notedMs();
      case "oom":
        return (await engine.run(exhausting, this.#note)) - this.#notedMs();
      case "poison":
        return this.#poison(engine);
      case "redis-stop":
        process.kill(this.#server!.pid, "SIGSTOP"); // this fault has a server
        await sleep(outageMs);
        process.kill(this.#server!.pid, "SIGCONT");
        return untilAllEnded(this.#underWay);
      case "redis-kill":
        await this.#server!.kill(); // so has this one
        await sleep(outageMs);
        return (await Promise.all([untilAllEnded(this.#underWay), this.#server!.restart()]))[0];
      default:
        return undefined;
    }
  }

  async #poison(engine: Engine): Promise<number> {
    const fromMs = monotonicMs();
    const ended = await engine.run(poisoned, "").catch(asFailure);
    if (ended.code !== "DF_WORKER_LOST")
      throw new Error(`Cannot count this as a poisoned run must fail with DF_WORKER_LOST: ${ended.code}`);
    return monotonicMs() - fromMs;
  }

  #notedMs(): number {
    return Number(readFileSync(this.#note, "utf8"));
  }

  /** @returns how many of the accepted runs are known by their ids, with the right answer */
  async #find(engine: Engine, taskGraph: TaskGraphWorkflow): Promise<number> {
    let found = 0;
    for (let index = 0; index < this.#accepted; index++) {
      const run = await engine.get(taskGraph, idOf(index));
      const ended = await run?.result().catch(asFailure);
      if (ended === undefined || ended instanceof DataFlowerError) continue;
      this.#answers.check(index, ended);
      found++;
    }
    return found;
  }
}

/** @returns from now to when the last of those that are under way now has ended, however that is. What begins later is not waited for. */
export async function untilAllEnded(underWay: Iterable<Promise<void>>): Promise<number> {
  const fromMs = monotonicMs();
  await Promise.allSettled(underWay);
  return monotonicMs() - fromMs;
}

type TaskGraphWorkflow = Awaited<ReturnType<typeof loadTaskGraph>>["taskGraph"];
