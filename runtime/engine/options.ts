import { availableParallelism, totalmem } from "node:os";
import { DataFlowerError } from "../../actors/kernel/errors.js";
import type { CustomPolicy, PolicyDefinition } from "../../schedulers/index.js";
import { found } from "../authoring/found.js";
import { requireId } from "../authoring/ids.js";
import {
  refuseOption,
  requireBoolean,
  requireDuration,
  requireInteger,
  requireNumber,
  requireOneOf,
  requireOptions,
  requireSize,
} from "../authoring/option-checks.js";
import type { Duration, Size } from "../authoring/quantity.js";
import { requirePolicy } from "../authoring/require-policy.js";
import { cpusMax as cpusCountable } from "../authoring/resolve-options.js";
import type { Workflow } from "../authoring/workflow.js";
import { reservedMax } from "../memory/reservations.js";
import type { Durability as StoreDurability, StoreOptions } from "../stores/store.js";
import { withoutCredentials } from "../stores/without-credentials.js";
import type { RetentionLimits } from "./journal/retention.js";
import { type Profile, type ProfileName, profiles } from "./profile.js";

export const workersMax = 64;
const mebibyte = 1024 * 1024;
/** What all arenas may take together: one buffer holds them and all else that threads share. */
const arenasBytesMax = 6144 * mebibyte;
/** As far as memory is counted. */
const reservableBytesMax = reservedMax * 1024;

/** What a result survives. */
export type Durability = "memory" | StoreDurability;

export interface Retention {
  /** Runs. @defaultValue 10,000 */
  runs?: number;
  /** Time since their end. @defaultValue "7d" */
  age?: Duration;
  /** Their inputs and results. @defaultValue 1 GiB */
  bytes?: Size;
}

/** Limits of an engine. Each one has its own error when it is reached. */
export interface EngineLimits {
  /** Largest encoded input, output or result, in bytes or as `"8MiB"`. Beyond it: `DF_RESULT_TOO_LARGE`. @defaultValue 8 MiB */
  outputBytesMax?: Size;
  /** Runs that may wait for a worker. Beyond it: `DF_QUEUE_FULL`. @defaultValue 10,000 */
  intakeMax?: number;
  /** Heap of each worker, in MiB. Beyond it the worker's thread ends and is replaced: `DF_TASK_OOM`. @defaultValue 512 */
  heapMbMax?: number;
  /** How long a task that blocks its thread may go on after its run is over; then the thread is replaced. So may one in a process. @defaultValue "1s" */
  cancelGrace?: Duration;
  /**
   * Processes that each worker may have for tasks with `executor: "process"`; more attempts wait for one, and their `timeout` begins
   * behind that. @defaultValue 4
   */
  processesMax?: number;
  /** Memory of a process whose task gives no `memory`, at least 16 MiB. Beyond it the process is killed: `DF_TASK_OOM`. @defaultValue 512 MiB */
  processMemoryMax?: Size;
  /** How long a process is kept for the next attempt of its handler. @defaultValue "10s" */
  processIdle?: Duration;
  /** Threads that may end within 10 s without a task to blame. Beyond it: `DF_POOL_UNHEALTHY`. @defaultValue 5 */
  restartsMax?: number;
  /**
   * Threads that may end, without a task to blame, while they have to do with one run: with the last of them the run fails with
   * `DF_WORKER_LOST` or `DF_TASK_OOM`. Until then such runs are under way one at a time. Also deaths of the process while one task was in
   * progress: with the last of them the task fails with `DF_TASK_CRASHES_PROCESS`. @defaultValue 5
   */
  crashAttemptsMax?: number;
  /**
   * Shared memory of each thread for what crosses threads, up to 256 MiB. What finds no room stays in the heap of the run's home,
   * and tasks that need it run there; an input that could never find any is refused. @defaultValue 64 MiB
   */
  arenaBytesMax?: Size;
  /** How long a store that cannot be reached is waited for; then the engine ends with `DF_STORE_UNAVAILABLE`. @defaultValue "60s" */
  storeWaitMax?: Duration;
  /** Replicas of a Redis server that must have a commit at the durability "replicated". @defaultValue 1 */
  replicas?: number;
  /**
   * Cores that the tasks of all workers may reserve at a time, by their option `cpus`. A workflow with a task that asks for more is refused
   * with `DF_OPTION_INVALID`. @defaultValue the machine's cores
   */
  cpusMax?: number;
  /**
   * Memory that they may reserve at a time, by their option `memory`; counted in KiB, up to 2 TiB. A workflow with a task that asks for more
   * is refused with `DF_OPTION_INVALID`. @defaultValue the machine's memory
   */
  memoryMax?: Size;
}

export interface EngineOptions {
  /** Workflows that every worker loads before `start` resolves. Others are loaded when they are first submitted. */
  workflows?: readonly Workflow<never, unknown>[];
  /** Worker threads; 0 runs everything on the calling thread, for debugging. @defaultValue the machine's cores */
  workers?: number;
  /** Attempts per worker that may wait for promises at a time. @defaultValue 64 */
  concurrency?: number;
  /**
   * Where runs are recorded: `memory:`, where nothing survives the process, `lmdb:PATH`, a folder of this machine, or a Redis server,
   * `redis://HOST:PORT` or `rediss://HOST:PORT`. @defaultValue "memory:"
   */
  store?: string;
  /**
   * What a result survives once anybody has seen it: "memory", the death of threads; "process", that of the process; "disk", that of the
   * machine's power; "replicated", that of the machine, in most fail-overs. @defaultValue "disk" with a store, else "memory"
   */
  durability?: Durability;
  /**
   * "strict": a task starts only when the outputs that it depends on are durable. "pipelined": as soon as they exist; no result is shown
   * before it is durable either way. @defaultValue "strict"
   */
  commit?: "strict" | "pipelined";
  /** Name of the journal in the store: one engine at a time owns it. @defaultValue "main" */
  journal?: string;
  /**
   * Whether unfinished runs of engines before this one are gone on with as soon as their workflow is known; if not, each one when it is
   * asked for by its id, with `get` or `submit`. @defaultValue true
   */
  resume?: boolean;
  /** How much is kept in the store of runs that have ended; what goes beyond it is forgotten, oldest first. */
  retention?: Retention;
  /**
   * The order in which runs start, and the tasks within a run whose workflow says nothing of its own: a name, or what `policy()` returned.
   * @defaultValue "fifo"
   */
  scheduler?: string | CustomPolicy;
  /** Throughput, or the shortest waits. @defaultValue "throughput" */
  profile?: ProfileName;
  /**
   * Keeps a record of every attempt, for `Run.tasks()`: about 40 ns a task, and 64 bytes, 8 more for each map around it. Each worker keeps
   * its newest 1,000,000 records (64 MB), and looks through them whenever it is asked for those of a run. @defaultValue false
   */
  record?: boolean;
  /**
   * When outputs are encoded as msgpack: "needed", only where they cross threads and copied otherwise; "always", each of them when its task
   * ends, and decoded for every reader. Values are the same either way. It shows what encoding costs. @defaultValue "needed"
   */
  encode?: "needed" | "always";
  limits?: EngineLimits;
}

export interface ResolvedEngineOptions {
  readonly workflows: readonly Workflow<never, unknown>[];
  readonly workers: number;
  readonly concurrency: number;
  readonly scheduler: PolicyDefinition;
  readonly profile: Profile;
  readonly outputBytesMax: number;
  readonly intakeMax: number;
  readonly heapMbMax: number;
  readonly cancelGraceMs: number;
  readonly restartsMax: number;
  readonly crashAttemptsMax: number;
  readonly arenaBytesMax: number;
  readonly isRecording: boolean;
  readonly isEncodingAlways: boolean;
  readonly processesMax: number;
  readonly processMemoryBytesMax: number;
  readonly processIdleMs: number;
  readonly cpusMax: number;
  /** A multiple of 1 KiB. */
  readonly memoryBytesMax: number;
  /** No store was named. */
  readonly isStoreDefault: boolean;
  /** Undefined: nothing outlives the process. */
  readonly store: ResolvedStore | undefined;
}

export interface ResolvedStore {
  readonly url: string;
  readonly journal: string;
  readonly options: StoreOptions;
  readonly isStrict: boolean;
  readonly isResuming: boolean;
  readonly retention: RetentionLimits;
}

export const engineOptionNames = [
  "workflows",
  "workers",
  "concurrency",
  "store",
  "durability",
  "commit",
  "journal",
  "resume",
  "retention",
  "scheduler",
  "profile",
  "record",
  "encode",
  "limits",
] as const satisfies readonly (keyof EngineOptions)[];
export const limitNames = [
  "outputBytesMax",
  "intakeMax",
  "heapMbMax",
  "cancelGrace",
  "processesMax",
  "processMemoryMax",
  "processIdle",
  "restartsMax",
  "crashAttemptsMax",
  "arenaBytesMax",
  "storeWaitMax",
  "replicas",
  "cpusMax",
  "memoryMax",
] as const satisfies readonly (keyof EngineLimits)[];

/** Fills in defaults and checks every value. @throws DF_OPTION_INVALID, DF_STORE_UNSUPPORTED, DF_SCHEDULER_UNKNOWN, DF_SCHEDULER_INVALID */
export function resolveEngineOptions(given: unknown): ResolvedEngineOptions {
  const {
    workflows,
    workers = Math.min(workersMax, availableParallelism()),
    concurrency = 64,
    store,
    durability,
    commit = "strict",
    journal = "main",
    resume = true,
    retention,
    scheduler = "fifo",
    profile = "throughput",
    record = false,
    encode = "needed",
    limits,
  } = requireOptions("engine", given, engineOptionNames);
  const {
    outputBytesMax = 8 * mebibyte,
    intakeMax = 10_000,
    heapMbMax = 512,
    cancelGrace = 1000,
    processesMax = 4,
    processMemoryMax = 512 * mebibyte,
    processIdle = 10_000,
    restartsMax = 5,
    crashAttemptsMax = 5,
    arenaBytesMax = 64 * mebibyte,
    storeWaitMax = 60_000,
    replicas = 1,
    cpusMax = Math.min(cpusCountable, availableParallelism()),
    memoryMax = Math.min(reservableBytesMax, totalmem()),
  } = requireOptions("engine.limits", limits, limitNames);
  const workerCount = requireInteger("engine.workers", workers, { min: 0, max: workersMax });
  return Object.freeze({
    workflows: requireWorkflows(workflows),
    workers: workerCount,
    concurrency: requireInteger("engine.concurrency", concurrency, { min: 1, max: 100_000 }),
    scheduler: requirePolicy("engine.scheduler", scheduler),
    profile: profiles[requireOneOf("engine.profile", profile, Object.keys(profiles) as ProfileName[])], // its own keys
    outputBytesMax: requireSize("engine.limits.outputBytesMax", outputBytesMax, { min: 1, max: 64 * mebibyte }),
    intakeMax: requireInteger("engine.limits.intakeMax", intakeMax, { min: 1, max: 10_000_000 }),
    heapMbMax: requireInteger("engine.limits.heapMbMax", heapMbMax, { min: 16, max: 65_536 }),
    cancelGraceMs: requireDuration("engine.limits.cancelGrace", cancelGrace, { min: 0, max: 3_600_000 }),
    processesMax: requireInteger("engine.limits.processesMax", processesMax, { min: 1, max: 1024 }),
    processMemoryBytesMax: requireSize("engine.limits.processMemoryMax", processMemoryMax, { min: 16 * mebibyte, max: 2 ** 50 }),
    processIdleMs: requireDuration("engine.limits.processIdle", processIdle, { min: 0, max: dayMs }),
    restartsMax: requireInteger("engine.limits.restartsMax", restartsMax, { min: 0, max: 1_000_000 }),
    crashAttemptsMax: requireInteger("engine.limits.crashAttemptsMax", crashAttemptsMax, { min: 1, max: 1_000_000 }),
    arenaBytesMax: requireArena(arenaBytesMax, workerCount),
    isRecording: requireBoolean("engine.record", record),
    isEncodingAlways: requireOneOf("engine.encode", encode, ["needed", "always"]) === "always",
    cpusMax: requireNumber("engine.limits.cpusMax", cpusMax, { min: 0.001, max: cpusCountable }),
    memoryBytesMax: requireMemory(memoryMax),
    isStoreDefault: store === undefined,
    store: requireStore({ store, durability, commit, journal, resume, retention, storeWaitMax, replicas }),
  });
}

function requireWorkflows(value: unknown): readonly Workflow<never, unknown>[] {
  if (value === undefined) return [];
  if (!Array.isArray(value))
    throw new DataFlowerError("DF_OPTION_INVALID", "Cannot use option engine.workflows as it must be a list of workflows");
  return value; // each is checked when it is compiled
}

/** Arenas are made of units of 16 bytes. */
function requireArena(value: unknown, workers: number): number {
  const path = "engine.limits.arenaBytesMax";
  const bytes = requireSize(path, value, { min: 64 * 1024, max: 256 * mebibyte });
  if ((workers + 1) * bytes > arenasBytesMax) {
    refuseOption(
      path,
      `${Math.floor(arenasBytesMax / (workers + 1))} bytes or less with ${workers} workers, as each thread has an arena`,
      value,
    );
  }
  return bytes - (bytes % 16);
}

/** Memory is counted in KiB. */
function requireMemory(value: unknown): number {
  const bytes = requireSize("engine.limits.memoryMax", value, { min: 1024, max: reservableBytesMax });
  return bytes - (bytes % 1024);
}

export const durabilities = ["memory", "process", "disk", "replicated"] as const satisfies readonly Durability[];
type StoreOptionName = "store" | "durability" | "commit" | "journal" | "resume" | "retention" | "storeWaitMax" | "replicas";
const retentionNames = ["runs", "age", "bytes"] as const satisfies readonly (keyof Retention)[];
const dayMs = 86_400_000;

/** @throws DF_OPTION_INVALID, DF_STORE_UNSUPPORTED, DF_DURABILITY_UNSUPPORTED */
function requireStore(given: Record<StoreOptionName, unknown>): ResolvedStore | undefined {
  const { store: url = "memory:", retention } = given;
  const isInMemory = url === "memory:";
  const durability = requireOneOf("engine.durability", given.durability ?? (isInMemory ? "memory" : "disk"), durabilities);
  const isStrict = requireOneOf("engine.commit", given.commit, ["strict", "pipelined"]) === "strict";
  const { runs = 10_000, age = 7 * dayMs, bytes = 1024 * mebibyte } = requireOptions("engine.retention", retention, retentionNames);
  const limits = {
    endedRunsMax: requireInteger("engine.retention.runs", runs, { min: 0, max: 10_000_000 }),
    endedAgeMsMax: requireDuration("engine.retention.age", age, { min: 0, max: 3650 * dayMs }),
    endedBytesMax: requireSize("engine.retention.bytes", bytes, { min: 0, max: 1024 * 1024 * mebibyte }),
  };
  const unavailableMsMax = requireDuration("engine.limits.storeWaitMax", given.storeWaitMax, { min: 0, max: dayMs });
  const replicas = requireInteger("engine.limits.replicas", given.replicas, { min: 1, max: 1000 });
  const journal = requireId("journal", given.journal);
  const isResuming = requireBoolean("engine.resume", given.resume);
  if (typeof url !== "string" || !/^(memory:$|lmdb:.|rediss?[:+])/.test(url)) {
    const rule = "it must be memory:, lmdb:PATH, redis://HOST:PORT or rediss://HOST:PORT";
    throw new DataFlowerError("DF_STORE_UNSUPPORTED", `Cannot use option engine.store as ${rule}: found ${shownUrl(url)}`);
  }
  if (isInMemory && durability !== "memory") {
    const message = `Cannot keep durability ${durability} as the store memory: ends with the process: name another store`;
    throw new DataFlowerError("DF_DURABILITY_UNSUPPORTED", message);
  }
  if (durability === "memory") return undefined;
  return { url, journal, options: { durability, unavailableMsMax, replicas }, isStrict, isResuming, retention: limits };
}

/** Without what may be a password. */
function shownUrl(url: unknown): string {
  return found(typeof url === "string" ? withoutCredentials(url) : url);
}
