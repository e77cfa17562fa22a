import { CheckpointActor } from "../../actors/journal/checkpoint-actor.js";
import type { ActorRef } from "../../actors/kernel/actor.js";
import { escalateOnFailure } from "../../actors/kernel/supervision.js";
import { ActorSystem } from "../../actors/kernel/system.js";
import type { CheckpointMessage, SchedulerMessage, TaskMessage, WorkflowMessage } from "../../actors/messages.js";
import type { Ports } from "../../actors/ports.js";
import { SchedulerActor } from "../../actors/scheduling/scheduler-actor.js";
import { Advance } from "../../actors/workflow/advance.js";
import { GuestActor } from "../../actors/workflow/guest-actor.js";
import { LoadedWorkflow } from "../../actors/workflow/loaded-workflow.js";
import type { Run } from "../../actors/workflow/run.js";
import { TaskActor } from "../../actors/workflow/task-actor.js";
import { WorkflowActor, type WorkflowParts } from "../../actors/workflow/workflow-actor.js";
import type { UntypedHandler } from "../authoring/task-context.js";
import { openGraph } from "../authoring/topology.js";
import { HandlerExecutor } from "../executors/handler-executor.js";
import { openRegions, type Regions } from "../memory/regions.js";
import type { RingProducer } from "../memory/ring-producer.js";
import type { LatencySnapshot } from "../observe/log-linear-histogram.js";
import { after, nowMs } from "../observe/system-clock.js";
import { WorkerLatencies } from "../observe/worker-latencies.js";
import { Bells } from "./bells.js";
import { Blobs } from "./blobs.js";
import { GuestPresence } from "./guest-presence.js";
import { GuestReports } from "./guest-reports.js";
import { Incoming } from "./incoming.js";
import { WorkerLoop } from "./loop.js";
import { Payloads } from "./payloads.js";
import { RunRegistry } from "./run-registry.js";
import { RunResults } from "./run-results.js";
import type { SharedSpaceParts } from "./shared-space.js";
import { SpinPolicy } from "./spin-policy.js";
import { LapStopwatch } from "./stopwatch.js";
import { TicketSource } from "./ticket-source.js";
import { WorkSharing } from "./work-sharing.js";
import type { WorkerStart, WorkflowRegistration } from "./worker-start.js";

/** Composition root of a worker: its actors, the ports behind them, and the loop that drives both. */
export class WorkerRuntime {
  readonly #start: WorkerStart;
  readonly #registry = new RunRegistry();
  readonly #latencies = new WorkerLatencies();
  readonly #bells: Bells;
  readonly #blobs: Blobs;
  readonly #loop: WorkerLoop;

  constructor(start: WorkerStart) {
    this.#start = start;
    const regions = openRegions(start.buffer, start.plan);
    const { worker } = start;
    const { workers, control } = start.plan;
    this.#bells = new Bells(regions.doorbells, start.bellPorts, workers);
    const watch = new LapStopwatch();
    const incoming = new Incoming(regions, worker, this.#registry);
    this.#blobs = new Blobs(start.blobPorts, (blob) => incoming.keepBlob(blob));
    incoming.blobs = this.#blobs;
    const payloads = new Payloads(worker, regions.arenas());
    const space: SharedSpaceParts = { worker, workers, payloads, blobs: this.#blobs };
    const rings = ringsOf(regions, worker);
    const reports = new GuestReports(rings, this.#bells, this.#blobs);
    const results = new RunResults({
      worker,
      workers,
      controlThread: control,
      ring: regions.ring(worker, control),
      producer: rings.get(control) as RingProducer, // ringsOf covers every other thread
      bells: this.#bells,
      blobs: this.#blobs,
      runs: regions.runs,
      registry: this.#registry,
      outputBytesMax: start.settings.outputBytesMax,
    });
    const producer = regions.queue.claimProducer(worker);
    const { queue, runs, doorbells } = regions;
    const sharing = new WorkSharing({ worker, workers, queue, producer, runs, doorbells, bells: this.#bells, space, watch });
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
    });
    const executor = new HandlerExecutor();
    const presence = new GuestPresence(runs, this.#registry, worker);
    const ports: Ports = {
      watch,
      tickets,
      executor,
      sharing,
      presence,
      reports,
      results,
      latency: this.#latencies,
      outputBytesMax: start.settings.outputBytesMax,
    };

    const system = new ActorSystem({ clock: { nowMs, after }, onRunnable: () => this.#loop.poke() });
    const { scheduler, taskActor, checkpoint, guest, actors } = spawnActors(system, ports, start.settings.concurrency);
    tickets.guestActor = guest;
    executor.taskActor = taskActor;
    this.#loop = new WorkerLoop({
      worker,
      system,
      scheduler,
      checkpoint,
      doorbells,
      watch,
      spin: new SpinPolicy(start.settings.spinUs),
      isOccupied: () => actors.scheduler?.isOccupied === true,
      isBlocked: () => reports.isWaiting || actors.checkpoint?.isWaiting === true || actors.scheduler?.isHeldUp === true,
      drain: () => incoming.drain(),
      sweep: () => {
        reports.flush();
        results.sweep();
      },
    });
    for (const port of start.bellPorts.values()) port.on("message", () => this.#loop.wake());
    this.#loop.wake();
  }

  register(workflow: WorkflowRegistration, handlers: readonly UntypedHandler[]): void {
    const { id, name, topology } = workflow;
    this.#registry.workflows.set(id, new LoadedWorkflow(id, name, openGraph(topology), handlers));
  }

  latency(kind: "queue" | "service" | "hop", task?: string): LatencySnapshot[] {
    return this.#latencies.snapshot(kind, task);
  }

  /** Stops at once: what is under way is given up. */
  close(): void {
    this.#loop.stop();
    this.#bells.close();
    this.#blobs.close();
    this.#start.controlPort.close();
  }
}

interface WorkerActors {
  readonly scheduler: ActorRef<SchedulerMessage>;
  readonly taskActor: ActorRef<TaskMessage>;
  readonly checkpoint: ActorRef<CheckpointMessage>;
  readonly guest: ActorRef<WorkflowMessage>;
  /** The actors themselves, for what the loop has to know of them. */
  readonly actors: { scheduler?: SchedulerActor; checkpoint?: CheckpointActor };
}

/** A failure in one of these actors is our own mistake: it is escalated, ends the worker, and is seen by the engine. */
function spawnActors(system: ActorSystem, ports: Ports, concurrency: number): WorkerActors {
  const supervise = escalateOnFailure;
  const advance = new Advance();
  const actors: WorkerActors["actors"] = {};
  let parts: WorkflowParts | undefined;
  const startRun = (run: Run, input: unknown) => {
    run.actor = system.spawn(run.runId, () => new WorkflowActor(parts as WorkflowParts, run), { supervise });
    run.actor.tell({ kind: "start", input });
  };
  const scheduler: ActorRef<SchedulerMessage> = system.spawn(
    "scheduler",
    () => {
      actors.scheduler = new SchedulerActor({ ports, concurrency, taskActor: { tell: (message) => taskActor.tell(message) }, startRun });
      return actors.scheduler;
    },
    { supervise },
  );
  const taskActor = system.spawn<TaskMessage>("task", () => new TaskActor(ports, scheduler), { supervise });
  const checkpoint = system.spawn<CheckpointMessage>(
    "checkpoint",
    () => {
      actors.checkpoint = new CheckpointActor(ports.results);
      return actors.checkpoint;
    },
    { supervise },
  );
  const guest = system.spawn<WorkflowMessage>("guest", () => new GuestActor(ports, advance, scheduler), { supervise });
  parts = { ports, advance, scheduler, checkpoint };
  return { scheduler, taskActor, checkpoint, guest, actors };
}

function ringsOf(regions: Regions, worker: number): Map<number, RingProducer> {
  const rings = new Map<number, RingProducer>();
  for (let thread = 0; thread < regions.plan.threads; thread++) {
    if (thread !== worker) rings.set(thread, regions.ring(worker, thread).claimProducer());
  }
  return rings;
}
