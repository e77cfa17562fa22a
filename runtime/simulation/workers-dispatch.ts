import { createReadyPolicy } from "../../actors/scheduling/ready-policy.js";
import type { ReadyTask, Run } from "../../actors/workflow/run.js";
import { profiles } from "../engine/profile.js";
import type { Machine } from "./machine.js";
import { MachineUse } from "./machine-use.js";
import { PolicyPromises } from "./policy-promises.js";
import { seededRandom, streams } from "./seeded-random.js";
import type { ResolvedSimulationOptions } from "./simulation-options.js";
import type { Decision, SimulationResult } from "./simulation-result.js";
import { Statistics } from "./statistics.js";
import { VirtualClock } from "./virtual-clock.js";
import { VirtualControl } from "./virtual-control.js";
import { VirtualCore } from "./virtual-core.js";
import { VirtualDoorbells } from "./virtual-doorbells.js";
import { VirtualEventLoop } from "./virtual-event-loop.js";
import { VirtualMail } from "./virtual-mail.js";
import { VirtualReadyQueue } from "./virtual-ready-queue.js";
import { VirtualReservations } from "./virtual-reservations.js";
import { VirtualResults } from "./virtual-results.js";
import type { VirtualShared } from "./virtual-shared.js";
import { VirtualWorker } from "./virtual-worker.js";

/**
 * Simulates one engine of the profile "throughput" whose workers are the cores of the machines: each has the actors of a thread and is
 * driven by the loop of a thread, with one attempt at a time. What takes virtual time is the tasks and what `costs` say; the rest is
 * done in no time.
 *
 * @throws DF_SPEC_INVALID for a workflow or a run that cannot be simulated; DF_SCHEDULER_FAILED for a policy that breaks its promises
 */
export function simulateWorkers(options: ResolvedSimulationOptions): SimulationResult {
  const simulation = new WorkersSimulation(options);
  simulation.run();
  return simulation.result();
}

class WorkersSimulation {
  readonly #options: ResolvedSimulationOptions;
  readonly #random: Readonly<Record<"policy" | "failures" | "delays" | "costs", () => number>>;
  readonly #statistics = new Statistics();
  readonly #decisions: Decision[] = [];
  readonly #machines: readonly MachineUse[];
  readonly #workers: readonly VirtualWorker[];
  readonly #control: VirtualControl;
  readonly #shared: VirtualShared;
  readonly #promises: PolicyPromises;

  constructor(options: ResolvedSimulationOptions) {
    const { machines, scheduler, seed } = options;
    this.#options = options;
    this.#promises = new PolicyPromises(scheduler.name);
    this.#random = {
      policy: seededRandom(seed, streams.policy),
      failures: seededRandom(seed, streams.failures),
      delays: seededRandom(seed, streams.delays),
      costs: seededRandom(seed, streams.costs),
    };
    this.#machines = machines.map((machine) => new MachineUse(machine));
    const machineOfWorker = machines.flatMap(({ cores }, machine) => new Array<number>(cores).fill(machine));
    const workers = machineOfWorker.length;
    this.#shared = this.#share(workers);
    const { mail } = this.#shared;
    this.#control = new VirtualControl({
      runs: options.runs,
      shared: this.#shared,
      scheduler,
      random: this.#random.policy,
      queuedMax: workers * profiles.throughput.queuedRunsPerWorker,
      statistics: this.#statistics,
      giveUp: (worker, guest) => mail.send(worker, () => (this.#workers[worker] as VirtualWorker).giveUp(guest)),
    });
    this.#workers = this.#makeWorkers(machineOfWorker);
  }

  run(): void {
    const { clock, eventLoop } = this.#shared;
    for (const worker of this.#workers) clock.after(0, () => worker.begin());
    this.#control.begin();
    while (!this.#control.isDone && eventLoop.step());
    this.#promises.requireKept(this.#statistics.unfinished);
  }

  result(): SimulationResult {
    const { scheduler, seed, decisions } = this.#options;
    const cores = this.#workers.length;
    const { makespanMs } = this.#statistics;
    const busyCoreMs = this.#machines.reduce((sum, machine) => sum + machine.busyCoreMs, 0);
    return {
      scheduler: scheduler.name,
      dispatch: "workers",
      machines: this.#machines.length,
      cores,
      seed,
      ...this.#statistics.summary(),
      costUsd: this.#machines.reduce((sum, machine) => sum + machine.costUsd, 0),
      utilisation: makespanMs === 0 ? 0 : busyCoreMs / (cores * makespanMs),
      learned: this.#options.learners.snapshots(),
      ...(decisions ? { decisions: this.#decisions } : {}),
    };
  }

  #share(workers: number): VirtualShared {
    const { scheduler, costs, machines, learners } = this.#options;
    const { policy, costs: costRandom } = this.#random;
    const clock = new VirtualClock();
    const doorbells = new VirtualDoorbells(workers, (worker) => (this.#workers[worker] as VirtualWorker).wake());
    const hopMs = () => costs.hopMs(costRandom);
    return {
      workers,
      clock,
      eventLoop: new VirtualEventLoop(clock),
      doorbells,
      queue: new VirtualReadyQueue({ clock, doorbells, hopMs }),
      mail: new VirtualMail({ workers, clock, doorbells, hopMs }),
      live: new Map(),
      reservations: new VirtualReservations(machines, (worker) => void clock.after(hopMs(), () => doorbells.ring(worker))),
      makeReady: () => createReadyPolicy(scheduler, { random: policy, learners }),
    };
  }

  #makeWorkers(machineOfWorker: readonly number[]): VirtualWorker[] {
    const { costs, machines, trace } = this.#options;
    const shared = this.#shared;
    const { delays, costs: costRandom, failures: failureRandom } = this.#random;
    const commitMs = () => costs.commitMs(costRandom);
    const results = new VirtualResults(shared, commitMs, (run, isOk, value) => this.#ended(run, isOk, value));
    return machineOfWorker.map((machine, worker) => {
      const core = new VirtualCore({
        clock: shared.clock,
        machine: this.#machines[machine] as MachineUse, // machineOfWorker names no other
        countsTasks: (machines[machine] as Machine).countsTasks,
        dispatchMs: costs.dispatchMs,
        costRandom,
        failureRandom,
        onStart: (task) => this.#started(task, machine),
      });
      return new VirtualWorker({ worker, shared, core, results, random: delays, trace });
    });
  }

  #started(task: ReadyTask, machine: number): void {
    const now = this.#shared.clock.nowMs();
    this.#statistics.attemptStarted(now - task.readyAt);
    if (!this.#options.decisions) return;
    this.#decisions.push({ atMs: now, run: task.order, task: task.path, attempt: task.attempt, machine });
  }

  #ended(run: Run, isOk: boolean, value: unknown): void {
    this.#promises.runEnded(isOk, value);
    this.#control.runEnded(run, isOk);
  }
}
