/**
 * One ready set for all machines, and nothing but tasks takes time: what a policy can give at best.
 *
 * The actors are those of one worker. Its executor is the virtual machines: attempts start as those do that give promises, and any
 * number of them may be under way. An instant of virtual time has two halves:
 *
 *      ends, arrivals, timers ──▶ actors, until they are idle ──▶ look ──▶ actors, until they are idle
 *      (the gate is closed: nothing starts)                       (it is open: tasks start as long as machines have room)
 *
 * so that the policy chooses among all that is ready by then. What ends in the instant in which it started begins the instant anew.
 */

import { ActorSystem } from "../../actors/kernel/system.js";
import { noJournal, noPresence, noReports, noSharing, noTickets, unwatched } from "../../actors/lone-ports.js";
import type { Executor, Ports } from "../../actors/ports.js";
import { createReadyPolicy } from "../../actors/scheduling/ready-policy.js";
import { spawnWorkerActors, type WorkerActors } from "../../actors/worker-actors.js";
import type { ReadyTask, Run } from "../../actors/workflow/run.js";
import type { Learners } from "../../schedulers/index.js";
import { GlobalReadySet } from "./global-ready-set.js";
import { PolicyPromises } from "./policy-promises.js";
import { RunSource, unusedReady } from "./run-source.js";
import { seededRandom, streams } from "./seeded-random.js";
import type { ResolvedSimulationOptions } from "./simulation-options.js";
import type { Decision, SimulationResult } from "./simulation-result.js";
import { Statistics } from "./statistics.js";
import { VirtualClock } from "./virtual-clock.js";
import { VirtualExecutor } from "./virtual-executor.js";
import { VirtualMachines } from "./virtual-machines.js";
import { VirtualStopwatch } from "./virtual-stopwatch.js";

/** See simulate(). */
export function simulateIdeal(options: ResolvedSimulationOptions): SimulationResult {
  return new IdealDispatch(options).execute();
}

class IdealDispatch {
  readonly #options: ResolvedSimulationOptions;
  readonly #clock = new VirtualClock();
  readonly #statistics = new Statistics();
  readonly #decisions: Decision[] = [];
  readonly #machines: VirtualMachines;
  readonly #source: RunSource;
  readonly #system: ActorSystem;
  readonly #actors: WorkerActors;
  readonly #promises: PolicyPromises;
  readonly #learners: Learners;

  constructor(options: ResolvedSimulationOptions) {
    const { runs, scheduler, seed, trace } = options;
    const clock = this.#clock;
    this.#options = options;
    this.#learners = options.learners;
    this.#promises = new PolicyPromises(scheduler.name);
    this.#machines = new VirtualMachines(options.machines, clock);
    const policy = createReadyPolicy<ReadyTask>(scheduler, { random: seededRandom(seed, streams.policy), learners: this.#learners });
    this.#source = new RunSource({ runs, makeReady: unusedReady(policy), check: (work) => this.#machines.requireRoom(work) });
    this.#system = new ActorSystem({ clock });
    const executor = new VirtualExecutor({
      clock,
      machines: this.#machines,
      random: seededRandom(seed, streams.failures),
      onStart: (task, nowMs) => this.#started(task, nowMs),
    });
    this.#actors = spawnWorkerActors({
      system: this.#system,
      ports: this.#ports(executor),
      ready: new GlobalReadySet(policy),
      concurrency: Number.POSITIVE_INFINITY,
      trace,
    });
    executor.taskActor = this.#actors.taskActor;
  }

  execute(): SimulationResult {
    this.#awaitArrival();
    for (let atMs = this.#clock.nextMs; atMs < Number.POSITIVE_INFINITY; atMs = this.#clock.nextMs) this.#instant(atMs);
    this.#promises.requireKept(this.#statistics.unfinished);
    return this.#result();
  }

  #instant(atMs: number): void {
    this.#machines.isGateOpen = false;
    while (this.#clock.nextMs === atMs) {
      while (this.#clock.nextMs === atMs) this.#clock.step();
      this.#runActors();
    }
    this.#machines.isGateOpen = true;
    this.#actors.scheduler.tell({ kind: "look" });
    this.#runActors();
  }

  #runActors(): void {
    while (!this.#system.isIdle) this.#system.run(Number.POSITIVE_INFINITY);
  }

  /** Only the next run waits in the clock. */
  #awaitArrival(): void {
    const { nextMs } = this.#source;
    if (nextMs < Number.POSITIVE_INFINITY) this.#clock.at(nextMs, () => this.#arrive());
  }

  #arrive(): void {
    const run = this.#source.take();
    this.#statistics.runSubmitted(run.submittedAt);
    this.#actors.startRun(run, undefined);
    this.#awaitArrival();
  }

  #started(task: ReadyTask, nowMs: number): void {
    this.#statistics.attemptStarted(nowMs - task.readyAt);
    if (!this.#options.decisions) return;
    const { order, path, attempt } = task;
    this.#decisions.push({ atMs: nowMs, run: order, task: path, attempt, machine: this.#machines.machineOf(task) });
  }

  #ended(run: Run, isOk: boolean, value: unknown, atMs: number): void {
    this.#statistics.runEnded(run, isOk, atMs);
    this.#promises.runEnded(isOk, value);
  }

  #ports(executor: Executor): Ports {
    const clock = this.#clock;
    return {
      watch: new VirtualStopwatch(clock),
      tickets: noTickets,
      executor,
      sharing: noSharing,
      presence: noPresence,
      reports: noReports,
      results: {
        send: (run, isOk, value, atMs) => {
          this.#ended(run, isOk, value, atMs);
          return true;
        },
        flush() {},
        close() {},
        discard() {},
      },
      latency: { task() {} },
      inHand: unwatched,
      reservations: this.#machines,
      journal: noJournal,
      clock,
      random: seededRandom(this.#options.seed, streams.delays),
      outputBytesMax: Number.POSITIVE_INFINITY,
    };
  }

  #result(): SimulationResult {
    const { scheduler, dispatch, machines, seed, decisions } = this.#options;
    const summary = this.#statistics.summary();
    const cores = machines.reduce((sum, machine) => sum + machine.cores, 0);
    const coreMs = cores * summary.makespanMs;
    return {
      scheduler: scheduler.name,
      dispatch,
      machines: machines.length,
      cores,
      seed,
      ...summary,
      costUsd: this.#machines.costUsd,
      utilisation: coreMs === 0 ? 0 : this.#machines.busyCoreMs / coreMs,
      learned: this.#learners.snapshots(),
      ...(decisions ? { decisions: this.#decisions } : {}),
    };
  }
}
