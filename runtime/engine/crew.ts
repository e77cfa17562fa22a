import { randomBytes } from "node:crypto";
import { MessageChannel } from "node:worker_threads";
import type { DataFlowerError } from "../../actors/kernel/errors.js";
import type { UntypedHandler } from "../authoring/task-context.js";
import { createRegions, openRegions, planRegions, type RegionPlan } from "../memory/regions.js";
import type { LatencySnapshot } from "../observe/log-linear-histogram.js";
import { nowMs } from "../observe/system-clock.js";
import { Bells } from "../worker/bells.js";
import { Blobs } from "../worker/blobs.js";
import { Payloads } from "../worker/payloads.js";
import { ticketWords } from "../worker/ticket.js";
import { WorkerRuntime } from "../worker/worker-runtime.js";
import type { WorkflowRegistration } from "../worker/worker-start.js";
import { Dispatch } from "./dispatch.js";
import { Intake } from "./intake.js";
import type { ResolvedEngineOptions } from "./options.js";
import type { RunRecord } from "./run.js";
import { joinThreads } from "./thread-ports.js";
import { type WorkerSeed, WorkerThreads } from "./worker-threads.js";

const queueCapacity = 4096;
/** Tickets that one thread may have under way; 4,095 is what the queue can name. */
const cellsMax = 4095;
const cellsPerProducerMax = 1024;
const ringBytes = 256 * 1024;
/** Runs that may be live at a time; more wait in the intake. */
const runSlots = 8192;

export interface CrewEvents {
  onEnded(record: RunRecord, at: number): void;
  onLost(error: DataFlowerError): void;
}

/** Composition root of an engine: shared memory, the workers on it, and the control thread's end of both. */
export class Crew {
  readonly runIdPrefix = `r${randomBytes(4).toString("hex")}-`;
  readonly #intake: Intake;
  readonly #dispatch: Dispatch;
  readonly #bells: Bells;
  readonly #blobs: Blobs;
  readonly #threads: WorkerThreads | undefined;
  readonly #inline: WorkerRuntime | undefined;

  constructor(options: ResolvedEngineOptions, events: CrewEvents) {
    const workers = Math.max(1, options.workers);
    const plan = planFor(workers, options.arenaBytesMax);
    const buffer = createRegions(plan);
    const regions = openRegions(buffer, plan);
    const bellPorts = joinThreads(plan.threads);
    const blobPorts = joinThreads(plan.threads);
    const ownBells = bellPorts[plan.control] ?? new Map();
    this.#bells = new Bells(regions.doorbells, ownBells, workers);
    this.#blobs = new Blobs(blobPorts[plan.control] ?? new Map(), (blob) => this.#dispatch.keepBody(blob));
    this.#intake = new Intake(options.scheduler, options.intakeMax);
    this.#dispatch = new Dispatch({
      regions,
      payloads: new Payloads(plan.control, regions.arenas()),
      bells: this.#bells,
      blobs: this.#blobs,
      intake: this.#intake,
      queuedMax: workers * options.profile.queuedRunsPerWorker,
      onEnded: events.onEnded,
    });
    for (const port of ownBells.values()) port.on("message", () => this.#dispatch.wake());
    const { concurrency, outputBytesMax, profile } = options;
    const settings = { concurrency, outputBytesMax, spinUs: profile.spinUs, runIdPrefix: this.runIdPrefix };
    const seeds: WorkerSeed[] = Array.from({ length: workers }, (_, worker) => ({
      worker,
      plan,
      buffer,
      settings,
      bellPorts: bellPorts[worker] ?? new Map(),
      blobPorts: blobPorts[worker] ?? new Map(),
    }));
    if (options.workers > 0) this.#threads = new WorkerThreads(seeds, options.heapMbMax, (_, error) => events.onLost(error));
    else this.#inline = inlineWorker(seeds[0] as WorkerSeed);
  }

  /** Runs that have been accepted and have not ended. */
  get unfinished(): number {
    return this.#intake.size + this.#dispatch.liveCount;
  }

  /** @throws DF_QUEUE_FULL */
  requireRoom(): void {
    this.#intake.requireRoom();
  }

  submit(record: RunRecord): void {
    this.#intake.add(record, nowMs());
    this.#dispatch.pump();
  }

  /** Makes a workflow known to every worker. */
  async register(workflow: WorkflowRegistration, handlers: readonly UntypedHandler[]): Promise<void> {
    this.#inline?.register(workflow, handlers);
    await Promise.all(this.#threads?.calls.map((calls) => calls.register(workflow)) ?? []);
  }

  async latency(kind: "queue" | "service" | "hop", task: string | undefined): Promise<LatencySnapshot[]> {
    const own = this.#inline?.latency(kind, task) ?? [];
    const all = await Promise.all(this.#threads?.calls.map((calls) => calls.latency(kind, task)) ?? []);
    return [...own, ...all.flat()];
  }

  giveUp(errorFor: (record: RunRecord) => Error): void {
    this.#dispatch.giveUp(errorFor);
  }

  async close(): Promise<void> {
    await this.#threads?.close();
    this.#inline?.close();
    this.#bells.close();
    this.#blobs.close();
  }
}

function planFor(workers: number, arenaBytes: number): RegionPlan {
  const cellsPerProducer = Math.min(cellsPerProducerMax, Math.floor(cellsMax / (workers + 1)));
  return planRegions({ workers, queueCapacity, cellsPerProducer, cellWords: ticketWords, ringBytes, arenaBytes, runSlots });
}

/** The same worker, on this thread: it is rung through the same ports and takes its turns from this thread's event loop. */
function inlineWorker(seed: WorkerSeed): WorkerRuntime {
  return new WorkerRuntime({ ...seed, controlPort: new MessageChannel().port1 });
}
