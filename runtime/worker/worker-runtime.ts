import type { Clock } from "../../actors/kernel/clock.js";
import { DataFlowerError } from "../../actors/kernel/errors.js";
import { ActorSystem } from "../../actors/kernel/system.js";
import type { Ports } from "../../actors/ports.js";
import { createReadyPolicy } from "../../actors/scheduling/ready-policy.js";
import type { Refusable } from "../../actors/scheduling/refusable.js";
import { RunReadySet } from "../../actors/scheduling/run-ready-set.js";
import { spawnWorkerActors, type Trace } from "../../actors/worker-actors.js";
import { LoadedWorkflow } from "../../actors/workflow/loaded-workflow.js";
import { Learners } from "../../schedulers/index.js";
import { openGraph } from "../authoring/topology.js";
import { childProgram } from "../executors/child-program.js";
import { ExecutorByTask } from "../executors/executor-by-task.js";
import { HandlerExecutor } from "../executors/handler-executor.js";
import { ProcessExecutor } from "../executors/process/process-executor.js";
import { failpoint } from "../faults/failpoint.js";
import { unreliable } from "../faults/unreliable-producer.js";
import { openRegions, type Regions } from "../memory/regions.js";
import type { RingProducer } from "../memory/ring-producer.js";
import { AttemptRecorder } from "../observe/attempt-recorder.js";
import type { WorkerLatencyKind } from "../observe/latency.js";
import type { LatencySnapshot } from "../observe/log-linear-histogram.js";
import { type KeptRecords, RecordStore } from "../observe/record-store.js";
import { after, nowMs, wallMs } from "../observe/system-clock.js";
import { systemRandom } from "../observe/system-random.js";
import { WorkerLatencies } from "../observe/worker-latencies.js";
import { Bells } from "./bells.js";
import { Blobs } from "./blobs.js";
import { threadEventLoop } from "./event-loop.js";
import { GuestPresence } from "./guest-presence.js";
import { GuestReports } from "./guest-reports.js";
import { InHandWriter } from "./in-hand-writer.js";
import { Incoming } from "./incoming.js";
import { JournalWriter } from "./journal-writer.js";
import { LettingGo } from "./letting-go.js";
import { Links } from "./links.js";
import { WorkerLoop } from "./loop.js";
import { Payloads } from "./payloads.js";
import { RunRegistry } from "./run-registry.js";
import { RunResults } from "./run-results.js";
import type { SharedSpaceParts } from "./shared-space.js";
import { SpinPolicy } from "./spin-policy.js";
import { LapStopwatch } from "./stopwatch.js";
import { letThrough } from "./stray-errors.js";
import { TicketSource } from "./ticket-source.js";
import { WorkSharing } from "./work-sharing.js";
import { WorkerReservations } from "./worker-reservations.js";
import type { LoadedParts, WorkerStart, WorkflowRegistration } from "./worker-start.js";

/** How long a closing worker waits for the code of attempts that it has aborted, in ms; it looks that often. */
const giveUpMsMax = 500;
const giveUpLookMs = 5;

const clock: Clock = { nowMs, after };
const afterRetry = (): void => failpoint("retry.scheduled");

/** What is told of a worker's life. */
export interface WorkerHooks {
  /** Told of every message before its actor handles it. @defaultValue nobody is */
  readonly trace?: Trace | undefined;
  /** Called when the worker cannot go on by a mistake of our own. @defaultValue ends the thread */
  readonly onFailed?: (error: unknown) => void;
}

/** Composition root of a worker: its actors, the ports behind them, and the loop that drives both. */
export class WorkerRuntime {
  readonly #start: WorkerStart;
  readonly #registry: RunRegistry;
  readonly #latencies = new WorkerLatencies();
  readonly #records = new RecordStore();
  readonly #learners = new Learners();
  readonly #links: Links;
  readonly #bells: Bells;
  readonly #blobs: Blobs;
  readonly #executor: HandlerExecutor;
  readonly #processes: ProcessExecutor;
  readonly #loop: WorkerLoop;
  readonly #system: ActorSystem;

  constructor(start: WorkerStart, { trace, onFailed = endThread }: WorkerHooks = {}) {
    this.#start = start;
    const regions = openRegions(start.buffer, start.plan);
    const { worker } = start;
    const { workers, control, runSlots } = start.plan;
    this.#registry = new RunRegistry(runSlots);
    this.#learners.absorb(start.learned);
    this.#links = new Links(regions.doorbells, start.news, () => this.#loop.wake());
    this.#bells = new Bells(regions.doorbells, this.#links, workers);
    const watch = new LapStopwatch();
    const incoming = new Incoming(regions, worker, this.#registry);
    this.#blobs = new Blobs(this.#links, (blob) => incoming.keepBlob(blob));
    this.#links.beforeClosing = (port) => this.#blobs.drainPort(port);
    incoming.blobs = this.#blobs;
    const payloads = new Payloads(worker, regions.arenas());
    const space: SharedSpaceParts = { worker, workers, payloads, blobs: this.#blobs };
    const rings = ringsOf(regions, worker);
    const reports = new GuestReports(rings, this.#bells, this.#blobs);
    const ring = regions.ring(worker, control);
    const journal = new JournalWriter({
      worker,
      controlThread: control,
      producer: rings.get(control) as RingProducer,
      ring,
      blobs: this.#blobs,
      bells: this.#bells,
      doorbells: regions.doorbells,
      firstBatch: start.firstBatch,
      recordsAll: start.settings.isDurable,
      isStrict: start.settings.isStrict,
      wallMs,
    });
    const results = new RunResults({
      worker,
      workers,
      controlThread: control,
      ring,
      producer: rings.get(control) as RingProducer, // ringsOf covers every other thread
      bells: this.#bells,
      blobs: this.#blobs,
      runs: regions.runs,
      registry: this.#registry,
      outputBytesMax: start.settings.outputBytesMax,
    });
    const producer = regions.queue.claimProducer(worker);
    const { queue, runs, doorbells } = regions;
    const sharing = new WorkSharing({
      worker,
      workers,
      sharesAtStart: start.settings.isEncodingAlways,
      queue,
      producer,
      runs,
      doorbells,
      bells: this.#bells,
      space,
      watch,
    });
    const tickets = new TicketSource({
      worker,
      controlThread: control,
      queue,
      runs,
      registry: this.#registry,
      payloads,
      space,
      latencies: this.#latencies,
      watch,
      runIdPrefix: start.settings.runIdPrefix,
      onTaken: () => this.#loop.notHungry(),
      ringNext: () => this.#bells.ringHungry(worker),
      onEmpty: () => {
        if (doorbells.hasLeftOver(control)) this.#bells.ring(control);
      },
    });
    const inHand = new InHandWriter(regions.inHand(worker));
    const executor = new HandlerExecutor({ nowMs, beat: () => inHand.beat() });
    this.#executor = executor;
    const { processes: processLimits, outputBytesMax } = start.settings;
    const processes = new ProcessExecutor({
      worker,
      program: childProgram,
      limits: { ...processLimits, outputBytesMax },
      beat: () => inHand.beat(),
      onColdStart: (ms) => this.#latencies.coldStart(ms),
    });
    this.#processes = processes;
    const lettingGo = new LettingGo({
      worker,
      controlThread: control,
      runs: regions.runs,
      registry: this.#registry,
      results,
      arena: regions.arena(worker),
      producer: rings.get(control) as RingProducer,
      bells: this.#bells,
    });
    incoming.onCommand = (command) => lettingGo.obey(command);
    const presence = new GuestPresence(runs, worker);
    const ports: Ports = {
      watch,
      tickets,
      executor: new ExecutorByTask(executor, processes),
      sharing,
      presence,
      reports,
      results,
      journal,
      latency: start.settings.isRecording ? new AttemptRecorder(this.#latencies, this.#records) : this.#latencies,
      inHand,
      reservations: new WorkerReservations(regions.reservations, worker, start.settings.capacity, this.#bells),
      clock,
      random: systemRandom,
      outputBytesMax: start.settings.outputBytesMax,
    };

    this.#system = new ActorSystem({ clock, onRunnable: () => this.#loop.poke() });
    const system = this.#system;
    const { concurrency } = start.settings;
    const actors = spawnWorkerActors({ system, ports, ready: new RunReadySet(), concurrency, trace, afterRetry });
    const { scheduler, taskActor, checkpoint, guest, behind } = actors;
    tickets.guestActor = guest;
    lettingGo.scheduler = scheduler;
    lettingGo.taskActor = taskActor;
    executor.taskActor = taskActor;
    processes.taskActor = taskActor;
    this.#loop = new WorkerLoop({
      worker,
      system,
      scheduler,
      checkpoint,
      doorbells,
      watch,
      spin: new SpinPolicy(start.settings.spinUs, doorbells),
      eventLoop: threadEventLoop,
      isOccupied: () => behind.scheduler.isOccupied,
      isBlocked: () =>
        reports.isWaiting ||
        results.isWaiting ||
        lettingGo.isWaiting ||
        journal.isHeld ||
        behind.checkpoint.isWaiting ||
        behind.scheduler.isHeldUp,
      drain: () => {
        const mayGoOn = behind.checkpoint.mayGoOn;
        if (mayGoOn) checkpoint.tell({ kind: "look" });
        return incoming.drain() || mayGoOn;
      },
      sweep: () => {
        journal.flushSoon();
        reports.flush();
        results.sweep();
        lettingGo.sweep();
      },
      endTurn: () => {
        behind.taskActor.endTurn();
        inHand.endTurn();
      },
      onFailed,
    });
  }

  /** Begins to take work. */
  begin(): void {
    this.#loop.begin();
  }

  register({ id, name, topology, whenTaskFails, source }: WorkflowRegistration, { handlers, policy }: LoadedParts): void {
    this.#processes.register(id, { workflow: name, source });
    const makeReady = <Task extends Refusable>() => createReadyPolicy<Task>(policy, { random: systemRandom, learners: this.#learners });
    this.#registry.workflows.set(id, new LoadedWorkflow({ id, name, graph: openGraph(topology), handlers, whenTaskFails, makeReady }));
  }

  latency(kind: WorkerLatencyKind, task?: string): LatencySnapshot[] {
    return this.#latencies.snapshot(kind, task);
  }

  /** What the policies of this worker have learnt, by their names. */
  learned(): Record<string, object> {
    return this.#learners.snapshots();
  }

  learn(learned: Readonly<Record<string, unknown>>): void {
    this.#learners.absorb(learned);
  }

  /** What has been recorded of a run. */
  records(order: number, fence: number): KeptRecords {
    return this.#records.of(order, fence);
  }

  /** The newest tasks of this worker, newest first. */
  recentTasks(): string[] {
    return this.#executor.recentTasks();
  }

  /** Aborts every attempt that waits for a promise, gives the code behind it a moment to come to its end, and ends all child processes. */
  async giveUp(): Promise<void> {
    for (const run of this.#registry.runs()) {
      run.isOver = true;
      const reason = new DataFlowerError("DF_CANCELLED", `Cannot go on with run ${run.runId} as its engine closes`, { runId: run.runId });
      this.#executor.taskActor.tell({ kind: "run-over", run, reason });
    }
    this.#loop.wake();
    const until = nowMs() + giveUpMsMax;
    // Until the actors have heard of it nothing has been aborted: a turn that took long has put them off to the next one.
    const isLeft = () => !this.#system.isIdle || this.#executor.unsettledCount + this.#processes.unsettledCount > 0;
    while (isLeft() && nowMs() < until) await new Promise<void>((resolve) => after(giveUpLookMs, resolve));
    await this.#processes.close();
  }

  /** Stops at once: what is under way is given up. */
  close(): void {
    this.#loop.stop();
    this.#executor.taskActor.stop(); // its timers would keep the thread alive
    this.#links.close();
    this.#start.controlPort.close();
  }
}

function endThread(error: unknown): never {
  letThrough(error);
  throw error;
}

function ringsOf(regions: Regions, worker: number): Map<number, RingProducer> {
  const rings = new Map<number, RingProducer>();
  for (let thread = 0; thread < regions.plan.threads; thread++) {
    if (thread === worker) continue;
    const point = thread === regions.plan.control ? "result.sent" : "report.sent";
    rings.set(thread, unreliable(regions.ring(worker, thread).claimProducer(), point));
  }
  return rings;
}
