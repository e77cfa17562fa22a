import { randomBytes } from "node:crypto";
import { MessageChannel } from "node:worker_threads";
import type { Piscina } from "piscina";
import type { DataFlowerError } from "../../actors/kernel/errors.js";
import type { Trace } from "../../actors/worker-actors.js";
import type { Graph } from "../../actors/workflow/graph.js";
import { openGraph } from "../authoring/topology.js";
import { isRingCorrupt } from "../memory/is-ring-corrupt.js";
import { createRegions, openRegions, planRegions, type RegionPlan, type Regions } from "../memory/regions.js";
import type { Amounts } from "../memory/reservations.js";
import type { WorkerLatencyKind } from "../observe/latency.js";
import type { LatencySnapshot } from "../observe/log-linear-histogram.js";
import { nowMs } from "../observe/system-clock.js";
import type { TaskRecord } from "../observe/task-record.js";
import { Bells } from "../worker/bells.js";
import { Blobs } from "../worker/blobs.js";
import { Links } from "../worker/links.js";
import { Payloads } from "../worker/payloads.js";
import { ticketWords } from "../worker/ticket.js";
import { kibibytes, milliCores } from "../worker/worker-reservations.js";
import { WorkerRuntime } from "../worker/worker-runtime.js";
import type { LoadedParts, WorkerSettings, WorkerStart, WorkflowRegistration } from "../worker/worker-start.js";
import { ControlCalls } from "./control-calls.js";
import { Dispatch } from "./dispatch.js";
import { Intake } from "./intake.js";
import type { Learned } from "./journal/learned.js";
import type { Recorder } from "./journal/recorder.js";
import { LinkDesk } from "./link-desk.js";
import type { ResolvedEngineOptions } from "./options.js";
import type { RunRecord } from "./run.js";
import { RunOutlook } from "./run-outlook.js";
import { type Recovery, Supervisor } from "./supervisor.js";
import { listTasks } from "./task-list.js";
import { WorkerPlace, type WorkerThread } from "./worker-threads.js";

const queueCapacity = 4096;
/** Tickets that one thread may have under way; 4,095 is what the queue can name. */
const cellsMax = 4095;
const cellsPerProducerMax = 1024;
const ringBytes = 256 * 1024;
/** Runs that may be live at a time; more wait in the intake. */
const runSlots = 8192;

export interface CrewEvents {
  onEnded(record: RunRecord, at: number): void;
  /** The workers cannot go on. */
  onUnhealthy(error: DataFlowerError): void;
  /** Told of every message of a worker on the calling thread, before its actor handles it; undefined: nobody is. */
  readonly onMessage: Trace | undefined;
}

/** What an engine has in use at the moment. */
export interface CrewUsage {
  readonly liveRuns: number;
  /** Run slots that neither hold a run nor wait for somebody to let go of one. */
  readonly freeSlots: number;
  readonly slots: number;
  /** Tickets in the ready queue. */
  readonly tickets: number;
  /** Bytes of live blocks, by thread; the control thread is the last one. To be asked for only while nothing is under way. */
  readonly arenaBytes: readonly number[];
  /** By worker: cores in thousandths and memory in KiB that its attempts have reserved. */
  readonly reserved: readonly Amounts[];
  /** Workers on which a task waits for cores or memory. */
  readonly waitingForRoom: number;
  /** Threads that have been lost and replaced, newest last. */
  readonly recoveries: readonly Recovery[];
}

/** Composition root of an engine: shared memory, the workers on it, and the control thread's end of both. */
export class Crew {
  readonly runIdPrefix = `r${randomBytes(4).toString("hex")}-`;
  readonly #intake: Intake;
  readonly #dispatch: Dispatch;
  readonly #regions: Regions;
  readonly #plan: RegionPlan;
  readonly #buffer: SharedArrayBuffer;
  readonly #settings: WorkerSettings;
  readonly #blobs: Blobs;
  /** For threads that are started later. */
  #learned: Readonly<Record<string, unknown>> = {};
  readonly #places: WorkerPlace<ControlCalls>[] = [];
  readonly #desk: LinkDesk;
  readonly #graphs = new Map<number, Graph>();
  readonly #outlooks = new Map<number, RunOutlook>();
  readonly #supervisor: Supervisor | undefined;
  readonly #inline: WorkerRuntime | undefined;

  /** @param pools one a worker, with its thread */
  constructor(options: ResolvedEngineOptions, pools: readonly Piscina[], recorder: Recorder, events: CrewEvents) {
    const workers = Math.max(1, options.workers);
    const { concurrency, outputBytesMax, profile, cancelGraceMs, restartsMax, crashAttemptsMax, isRecording, isEncodingAlways } = options;
    this.#plan = planFor(workers, options.arenaBytesMax);
    this.#buffer = createRegions(this.#plan);
    this.#regions = openRegions(this.#buffer, this.#plan);
    const spinUs = options.workers === 0 ? 0 : profile.spinUs; // where there is one thread, nobody rings it while it spins
    const capacity = { cpus: milliCores(options.cpusMax), memory: kibibytes(options.memoryBytesMax) };
    const durable = { isDurable: recorder.isDurable, isStrict: options.store?.isStrict ?? false };
    const { runIdPrefix } = this;
    const processes = processLimits(options);
    this.#settings = { concurrency, outputBytesMax, capacity, spinUs, runIdPrefix, isRecording, isEncodingAlways, processes, ...durable };
    const { doorbells } = this.#regions;
    const links = new Links(doorbells, undefined, () => this.#dispatch.wake());
    this.#desk = new LinkDesk(this.#plan.control, doorbells, links);
    const bells = new Bells(doorbells, links, workers);
    this.#blobs = new Blobs(links, (blob) => this.#dispatch.keepBody(blob));
    links.beforeClosing = (port) => this.#blobs.drainPort(port);
    this.#intake = new Intake(options.scheduler, options.intakeMax, (record) => this.#outlooks.get(record.workflowId) as RunOutlook);
    this.#dispatch = new Dispatch({
      regions: this.#regions,
      payloads: new Payloads(this.#plan.control, this.#regions.arenas()),
      bells,
      blobs: this.#blobs,
      intake: this.#intake,
      recorder,
      queuedMax: workers * profile.queuedRunsPerWorker,
      onEnded: events.onEnded,
      onBroken: (worker, error) => {
        if (this.#supervisor === undefined) events.onUnhealthy(error);
        else this.#supervisor.broken(worker, error);
      },
    });
    recorder.events = {
      liveRun: (slot, epoch) => this.#dispatch.liveRun(slot, epoch),
      onDurable: (worker, batch) => {
        doorbells.setDurable(worker, batch); // before the ring that tells of it
        bells.ring(worker);
      },
      onRoom: () => this.#dispatch.wake(),
      onFailed: (error) => events.onUnhealthy(error as DataFlowerError), // what stores throw
    };
    if (options.workers === 0) {
      this.#inline = this.#startInline(events);
      return;
    }
    this.#places.push(...pools.map((pool) => new WorkerPlace<ControlCalls>(pool)));
    this.#supervisor = new Supervisor({
      regions: this.#regions,
      dispatch: this.#dispatch,
      recorder,
      bells,
      limits: { cancelGraceMs, restartsMax, crashAttemptsMax },
      start: (worker, workflows) => this.#startThread(worker, workflows),
      graphOf: (workflowId) => this.#graphs.get(workflowId),
      onUnhealthy: events.onUnhealthy,
    });
  }

  /** Runs that have been accepted and have not ended. */
  get unfinished(): number {
    return this.#intake.size + this.#dispatch.liveCount + this.#dispatch.endingCount;
  }

  /** @param coming runs that will be submitted as soon as their acceptance is durable @throws DF_QUEUE_FULL */
  requireRoom(coming: number): void {
    this.#intake.requireRoom(coming);
  }

  /** Goes on with a run of an engine before this one. */
  resume(record: RunRecord): void {
    this.#dispatch.add(record);
    this.#dispatch.pump();
    this.#supervisor?.watch();
  }

  submit(record: RunRecord): void {
    this.#intake.add(record, nowMs());
    this.#dispatch.pump();
    this.#supervisor?.watch();
  }

  /** Ends a run that has not ended. */
  cancel(record: RunRecord, status: "failed" | "cancelled", error: Error): void {
    this.#dispatch.cancel(record, status, error);
    this.#supervisor?.watch();
  }

  /** Takes in what workers have sent so far. */
  drain(): void {
    this.#dispatch.drain();
  }

  /** Makes a workflow known to every worker. */
  async register(workflow: WorkflowRegistration, loaded: LoadedParts): Promise<void> {
    const graph = openGraph(workflow.topology);
    this.#graphs.set(workflow.id, graph);
    this.#outlooks.set(workflow.id, new RunOutlook(graph));
    this.#inline?.register(workflow, loaded);
    await this.#supervisor?.register(workflow);
  }

  async latency(kind: WorkerLatencyKind, task: string | undefined): Promise<LatencySnapshot[]> {
    const own = this.#inline?.latency(kind, task) ?? [];
    const all = await Promise.all(this.#supervisor?.threads.map(({ calls }) => calls.latency(kind, task)) ?? []);
    return [...own, ...all.flat()];
  }

  /** What the scheduler of runs has learnt, and what those of tasks have on each worker: by the names of policies. */
  async learned(): Promise<{ readonly runs: Record<string, object>; readonly tasks: readonly Record<string, object>[] }> {
    const runs = this.#intake.learners.snapshots();
    if (this.#inline !== undefined) return { runs, tasks: [this.#inline.learned()] };
    return { runs, tasks: await Promise.all(this.#supervisor?.threads.map(({ calls }) => calls.learned()) ?? []) };
  }

  /** Tells schedulers what those before them have learnt. */
  async learn(learned: Learned): Promise<void> {
    this.#learned = learned.tasks;
    this.#intake.learners.absorb(learned.runs);
    this.#inline?.learn(learned.tasks);
    await Promise.all(this.#supervisor?.threads.map(({ calls }) => calls.learn(learned.tasks)) ?? []);
  }

  /** See Run.tasks(). */
  async tasks(record: RunRecord): Promise<readonly TaskRecord[]> {
    const { order, fence } = record;
    const graph = this.#graphs.get(record.workflowId) as Graph; // registered before any of its runs was accepted
    if (this.#inline !== undefined) return listTasks(record, graph, [this.#inline.records(order, fence)]);
    return listTasks(record, graph, await Promise.all(this.#supervisor?.threads.map(({ calls }) => calls.records(order, fence)) ?? []));
  }

  usage(): CrewUsage {
    const { queue, plan, reservations } = this.#regions;
    const arenas = this.#regions.arenas();
    const workers = Array.from({ length: plan.workers }, (_, worker) => worker);
    return {
      liveRuns: this.unfinished,
      freeSlots: this.#dispatch.freeSlotCount,
      slots: plan.runSlots,
      tickets: queue.length(),
      get arenaBytes() {
        return arenas.map((arena) => arena.usedBytes()); // only for who asks: their owners may be at work in them
      },
      reserved: workers.map((worker) => reservations.reservedBy(worker)),
      waitingForRoom: workers.filter((worker) => reservations.turnOf(worker) !== 0).length,
      recoveries: this.#supervisor?.recoveries ?? [],
    };
  }

  giveUp(status: "failed" | "cancelled", errorFor: (record: RunRecord) => Error): void {
    this.#dispatch.giveUp(status, errorFor);
  }

  async close(): Promise<void> {
    this.#supervisor?.stop();
    await Promise.all(this.#places.map((place) => place.close()));
    await this.#inline?.giveUp();
    this.#inline?.close();
    this.#desk.close();
  }

  #startThread(worker: number, workflows: readonly WorkflowRegistration[]): WorkerThread<ControlCalls> {
    const place = this.#places[worker] as WorkerPlace<ControlCalls>; // there is one for each
    const { port1, port2 } = new MessageChannel();
    const seed = this.#seed(worker, workflows);
    const start: WorkerStart = { ...seed, controlPort: port2 };
    return place.start(start, [port2, seed.news], new ControlCalls(worker, port1));
  }

  /** The same worker, on this thread: it is rung through the same ports and takes its turns from this thread's event loop. */
  #startInline({ onMessage, onUnhealthy }: CrewEvents): WorkerRuntime {
    const onFailed = (error: unknown) => {
      if (!isRingCorrupt(error)) throw error;
      onUnhealthy(error);
    };
    const runtime = new WorkerRuntime({ ...this.#seed(0, []), controlPort: new MessageChannel().port1 }, { trace: onMessage, onFailed });
    runtime.begin();
    return runtime;
  }

  /** Everything that a new thread is given, after all others have been given their ends of the links to it. */
  #seed(worker: number, workflows: readonly WorkflowRegistration[]) {
    const { news } = this.#desk.join(worker);
    const firstBatch = this.#dispatch.nextBatch(worker);
    return {
      worker,
      firstBatch,
      plan: this.#plan,
      buffer: this.#buffer,
      settings: this.#settings,
      news,
      workflows,
      learned: this.#learned,
    };
  }
}

function processLimits(options: ResolvedEngineOptions): WorkerSettings["processes"] {
  const { processesMax, processIdleMs: idleMs, cancelGraceMs: graceMs, processMemoryBytesMax: memoryBytesMax, restartsMax } = options;
  return { processesMax, idleMs, graceMs, memoryBytesMax, failedStartsMax: restartsMax };
}

function planFor(workers: number, arenaBytes: number): RegionPlan {
  const cellsPerProducer = Math.min(cellsPerProducerMax, Math.floor(cellsMax / (workers + 1)));
  return planRegions({ workers, queueCapacity, cellsPerProducer, cellWords: ticketWords, ringBytes, arenaBytes, runSlots });
}
