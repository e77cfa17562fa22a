/** Several workers in one thread: the real actors and the real shared memory, one step of one worker at a time. */

import { MessageChannel, type MessagePort } from "node:worker_threads";
import type { ActorRef } from "../../actors/kernel/actor.js";
import { assert } from "../../actors/kernel/assert.js";
import { ManualClock } from "../../actors/kernel/clock.js";
import { ActorSystem } from "../../actors/kernel/system.js";
import { copyValue } from "../../actors/kernel/value.js";
import { noJournal, unwatched } from "../../actors/lone-ports.js";
import type { CheckpointMessage, SchedulerMessage } from "../../actors/messages.js";
import type { LatencyRecorder, Results } from "../../actors/ports.js";
import { RunReadySet } from "../../actors/scheduling/run-ready-set.js";
import { spawnWorkerActors } from "../../actors/worker-actors.js";
import type { LoadedWorkflow } from "../../actors/workflow/loaded-workflow.js";
import { localSpace } from "../../actors/workflow/local-space.js";
import { type ReadyTask, Run } from "../../actors/workflow/run.js";
import { runFacts } from "../../actors/workflow/scope.fixture.js";
import { ManualStopwatch, type RunOutcome, SimulatedExecutor } from "../../actors/workflow/simulated-ports.fixture.js";
import { createRegions, openRegions, planRegions, type RegionPlan, type Regions } from "../memory/regions.js";
import type { RingProducer } from "../memory/ring-producer.js";
import { WorkerLatencies } from "../observe/worker-latencies.js";
import type { Bells } from "./bells.js";
import { Blobs } from "./blobs.js";
import { GuestPresence } from "./guest-presence.js";
import { GuestReports } from "./guest-reports.js";
import { Incoming } from "./incoming.js";
import { Payloads } from "./payloads.js";
import { RunRegistry } from "./run-registry.js";
import type { SharedSpace, SharedSpaceParts } from "./shared-space.js";
import { LapStopwatch } from "./stopwatch.js";
import { ticketWords } from "./ticket.js";
import { TicketSource } from "./ticket-source.js";
import { WorkSharing } from "./work-sharing.js";
import { milliCores, WorkerReservations } from "./worker-reservations.js";

const roundsMax = 100_000;
/** Rounds without an event until time passes, more of it each time: first, at most, in ms. */
const idleRoundsMax = 10;
const idleMsMin = 10;
const idleMsMax = 60_000;
/** Cores that the tasks of all workers may reserve. */
export const crewCpusMax = 2;

export interface CrewOptions {
  readonly workers: number;
  readonly random: () => number;
  /** Little of it makes outputs and scopes stay at home. */
  readonly arenaBytes: number;
  readonly concurrency?: number;
  /** Told of every attempt. @defaultValue nobody is */
  readonly latency?: (worker: number) => LatencyRecorder;
}

/** Nobody sleeps, so nobody is rung. */
const silent = { ring() {}, ringHungry: () => false, wake() {} } as unknown as Bells; // a class, of which only this is called

export class SimulatedCrew {
  readonly clock = new ManualClock();
  readonly workers: CrewWorker[] = [];
  readonly runs: Run[] = [];
  readonly #plan: RegionPlan;
  readonly #regions: Regions;
  readonly #random: () => number;
  readonly #channels: MessageChannel[] = [];

  constructor(options: CrewOptions) {
    const { workers, random, arenaBytes } = options;
    this.#random = random;
    this.#plan = planRegions({
      workers,
      queueCapacity: 16,
      cellsPerProducer: 8,
      cellWords: ticketWords,
      ringBytes: 65_536,
      arenaBytes,
      runSlots: 16,
    });
    const buffer = createRegions(this.#plan);
    this.#regions = openRegions(buffer, this.#plan);
    const ports = this.#connect();
    for (let worker = 0; worker < workers; worker++) {
      this.workers.push(
        new CrewWorker(worker, openRegions(buffer, this.#plan), ports[worker] as Map<number, MessagePort>, this.clock, options),
      );
    }
  }

  /** Hands a run to one of the workers. All runs of a crew are of one workflow. */
  submit(workflow: LoadedWorkflow, input: unknown): Run {
    const number = this.runs.length;
    const home = number % this.workers.length;
    const epoch = this.#regions.runs.open(number, workflow.id);
    const facts = { ...runFacts, slot: number, epoch, ownId: `run-${number}`, order: number };
    const run = new Run(
      facts,
      { workflow, home, isGuest: false, idPrefix: "", past: undefined },
      workflow.makeReady<ReadyTask>(),
      localSpace,
    );
    this.#regions.runs.setHome(number, home);
    this.runs.push(run);
    for (const { registry } of this.workers) registry.workflows.set(workflow.id, workflow);
    this.workers[home]?.give(run, copyValue(input));
    return run;
  }

  /** Works until nothing is left to do. @returns how the runs ended, in the order of submission */
  work(): (RunOutcome | undefined)[] {
    let idleRounds = 0;
    let idleMs = idleMsMin;
    for (let rounds = 0; this.workers.some((worker) => worker.hasWork) || this.runs.some(({ isOver }) => !isOver); rounds++) {
      assert(rounds < roundsMax, "a simulation comes to its end");
      const worker = this.workers[Math.floor(this.#random() * this.workers.length)] as CrewWorker;
      const hasWorked = worker.step();
      assert(this.#reserved <= milliCores(crewCpusMax), "no more is reserved than there is");
      if (hasWorked) {
        idleRounds = 0;
        idleMs = idleMsMin;
      } else if (++idleRounds % idleRoundsMax === 0) {
        this.clock.advance(idleMs);
        idleMs = Math.min(2 * idleMs, idleMsMax);
      }
    }
    const sent = this.workers.flatMap(({ sent }) => sent);
    return this.runs.map(({ runId }) => sent.find((outcome) => outcome.runId === runId));
  }

  /** Bytes that the arenas still hold, runs that somebody is inside of, and thousandths of cores that are reserved. */
  get leftovers(): { readonly bytes: number; readonly used: number; readonly reserved: number } {
    const bytes = this.#regions.arenas().reduce((sum, arena) => sum + arena.usedBytes(), 0);
    return { bytes, used: this.runs.filter(({ slot }) => this.#regions.runs.hasUsers(slot)).length, reserved: this.#reserved };
  }

  get #reserved(): number {
    return this.workers.reduce((sum, _, worker) => sum + this.#regions.reservations.reservedBy(worker).cpus, 0);
  }

  close(): void {
    for (const { port1, port2 } of this.#channels) {
      port1.close();
      port2.close();
    }
  }

  /** A channel for each pair of workers. */
  #connect(): Map<number, MessagePort>[] {
    const ports = Array.from({ length: this.#plan.workers }, () => new Map<number, MessagePort>());
    for (const [one, ofOne] of ports.entries()) {
      for (const [other, ofOther] of ports.entries()) {
        if (one >= other) continue;
        const channel = new MessageChannel();
        this.#channels.push(channel);
        ofOne.set(other, channel.port1);
        ofOther.set(one, channel.port2);
      }
    }
    return ports;
  }
}

/** One worker, composed as the composition root of a real one does it. */
class CrewWorker implements Results {
  readonly executor: SimulatedExecutor;
  readonly registry: RunRegistry;
  readonly sent: RunOutcome[] = [];
  readonly #worker: number;
  readonly #regions: Regions;
  readonly #random: () => number;
  readonly #system: ActorSystem;
  readonly #watch: ManualStopwatch;
  readonly #incoming: Incoming;
  readonly #reports: GuestReports;
  readonly #scheduler: ActorRef<SchedulerMessage>;
  readonly #checkpoint: ActorRef<CheckpointMessage>;
  readonly #given: { run: Run; input: unknown }[] = [];
  readonly #leaving: SharedSpace[] = [];

  constructor(worker: number, regions: Regions, ports: Map<number, MessagePort>, clock: ManualClock, options: CrewOptions) {
    const { random, workers, concurrency = 4 } = options;
    this.#worker = worker;
    this.#regions = regions;
    this.registry = new RunRegistry(regions.plan.runSlots);
    this.#random = random;
    this.executor = new SimulatedExecutor(clock, random);
    this.#system = new ActorSystem({ clock });
    this.#watch = new ManualStopwatch(clock);
    this.#incoming = new Incoming(regions, worker, this.registry);
    const links = { blob: (thread: number) => ports.get(thread), blobs: () => [...ports.values()] };
    const blobs = new Blobs(links, (blob) => this.#incoming.keepBlob(blob));
    this.#incoming.blobs = blobs;
    const payloads = new Payloads(worker, regions.arenas());
    const space: SharedSpaceParts = { worker, workers, payloads, blobs };
    const rings = new Map<number, RingProducer>();
    for (let other = 0; other < workers; other++) if (other !== worker) rings.set(other, regions.ring(worker, other).claimProducer());
    this.#reports = new GuestReports(rings, silent, blobs);
    const { queue, runs, doorbells } = regions;
    const watch = new LapStopwatch();
    const producer = queue.claimProducer(worker);
    const sharing = new WorkSharing({
      worker,
      workers,
      sharesAtStart: false,
      queue,
      producer,
      runs,
      doorbells,
      bells: silent,
      space,
      watch,
    });
    sharing.hungryCount = () => (random() < 0.7 ? 1 : 0);
    const tickets = new TicketSource({
      worker,
      controlThread: regions.plan.control,
      queue,
      runs,
      registry: this.registry,
      payloads,
      space,
      latencies: new WorkerLatencies(),
      watch,
      runIdPrefix: "",
      onTaken() {},
      ringNext() {},
      onEmpty() {},
    });
    const actors = spawnWorkerActors({
      system: this.#system,
      ready: new RunReadySet(),
      concurrency,
      ports: {
        watch: this.#watch,
        tickets: { take: () => this.#given.shift() ?? tickets.take() },
        executor: this.executor,
        sharing,
        presence: new GuestPresence(runs, worker),
        reports: this.#reports,
        results: this,
        latency: options.latency?.(worker) ?? { task() {} },
        inHand: unwatched,
        journal: noJournal,
        reservations: new WorkerReservations(regions.reservations, worker, { cpus: milliCores(crewCpusMax), memory: 0 }, silent),
        clock,
        random,
        outputBytesMax: Number.POSITIVE_INFINITY,
      },
    });
    tickets.guestActor = actors.guest;
    this.executor.taskActor = actors.taskActor;
    this.#scheduler = actors.scheduler;
    this.#checkpoint = actors.checkpoint;
  }

  get hasWork(): boolean {
    const { executor } = this;
    if (this.#given.length > 0 || executor.pendingCount + executor.endlessCount > 0 || this.#leaving.length > 0) return true;
    return this.#reports.isWaiting || !this.#system.isIdle || this.#regions.queue.length() > 0;
  }

  give(run: Run, input: unknown): void {
    this.registry.addHome(run);
    this.#given.push({ run, input });
  }

  /** A little of everything. @returns false when there was nothing to do */
  step(): boolean {
    const before = this.executor.events.length + this.sent.length;
    this.#watch.lap(); // as the loop does when it begins a turn
    const hasReceived = this.#random() < 0.7 && this.#incoming.drain();
    this.#reports.flush();
    if (this.#random() < 0.3) this.executor.settleOne();
    this.#scheduler.tell({ kind: "look" });
    this.#checkpoint.tell({ kind: "flush" });
    this.#system.run(this.#random() < 0.5 ? 3 : 100);
    this.#sweep();
    return hasReceived || this.executor.events.length + this.sent.length > before;
  }

  send(run: Run, isOk: boolean, value: unknown): boolean {
    if (run.isShared) this.#regions.runs.raise(run.slot);
    this.sent.push({ runId: run.runId, isOk, value });
    return true;
  }

  flush(): void {}

  close(run: Run): void {
    this.registry.removeHome(run);
    if (run.isShared) this.#leaving.push(run.space as SharedSpace); // share() made it one
  }

  discard(run: Run): void {
    this.close(run);
  }

  #sweep(): void {
    const { runs } = this.#regions;
    for (const space of this.#leaving.splice(0)) {
      if (runs.hasOtherUsers(space.run.slot, this.#worker)) this.#leaving.push(space);
      else {
        space.free();
        runs.leave(space.run.slot, this.#worker);
      }
    }
  }
}
