import type { Clock } from "../../actors/kernel/clock.js";
import { ActorSystem } from "../../actors/kernel/system.js";
import { copyValue, valueSizeMax } from "../../actors/kernel/value.js";
import { noJournal, noPresence, noReports, noReservations, noSharing, unwatched } from "../../actors/lone-ports.js";
import type { LatencyRecorder, Ports, Results, Stopwatch, Tickets } from "../../actors/ports.js";
import { RunReadySet } from "../../actors/scheduling/run-ready-set.js";
import { spawnWorkerActors, type WorkerActors } from "../../actors/worker-actors.js";
import type { LoadedWorkflow } from "../../actors/workflow/loaded-workflow.js";
import type { Run } from "../../actors/workflow/run.js";
import { HandlerExecutor } from "../../runtime/executors/handler-executor.js";
import { after, nowMs } from "../../runtime/observe/system-clock.js";
import { systemRandom } from "../../runtime/observe/system-random.js";
import { WorkerLatencies } from "../../runtime/observe/worker-latencies.js";
import { LapStopwatch } from "../../runtime/worker/stopwatch.js";
import { loneRun } from "./lone-workflow.js";

const clock: Clock = { nowMs, after };
/** Nobody reads the clock: what a task costs that nobody measures. */
const standingWatch: Stopwatch = { boundary: 0, lap: () => 0 };
const noLatencies: LatencyRecorder = { task() {} };
/** Messages handled before the loop is asked again, as a worker's loop does it. */
const MESSAGES_PER_LOOK = 32;

/**
 * The actors of a worker and the executor of handlers as the engine puts them together, on one thread, without an engine: no other worker,
 * no shared memory, no watch-dog, and the end of a run is handed over as it is.
 */
export class LoneWorker {
  readonly #workflow: LoadedWorkflow;
  readonly #system = new ActorSystem({ clock });
  readonly #watch: Stopwatch;
  readonly #latencies: WorkerLatencies | undefined;
  readonly #ticket = new LoneTicket();
  readonly #result = new LoneResult();
  readonly #actors: WorkerActors;
  #runs = 0;

  /** @param isMeasuring whether the clock is read at each boundary between tasks, and every task is counted in the histograms of a worker */
  constructor(workflow: LoadedWorkflow, { isMeasuring }: { isMeasuring: boolean }) {
    this.#workflow = workflow;
    this.#watch = isMeasuring ? new LapStopwatch() : standingWatch;
    this.#latencies = isMeasuring ? new WorkerLatencies() : undefined;
    const executor = new HandlerExecutor({ nowMs, beat() {} });
    const ports: Ports = {
      watch: this.#watch,
      tickets: this.#ticket,
      executor,
      sharing: noSharing,
      presence: noPresence,
      reports: noReports,
      results: this.#result,
      latency: this.#latencies ?? noLatencies,
      inHand: unwatched,
      reservations: noReservations,
      journal: noJournal,
      clock,
      random: systemRandom,
      outputBytesMax: valueSizeMax,
    };
    this.#actors = spawnWorkerActors({ system: this.#system, ports, ready: new RunReadySet(), concurrency: 1, trace: undefined });
    executor.taskActor = this.#actors.taskActor;
  }

  /** Executes the workflow once. Throws what ended the run when it has failed. */
  run(input: unknown): unknown {
    this.#ticket.waiting = { run: loneRun(this.#workflow, this.#runs++, this.#watch.lap()), input: copyValue(input) };
    this.#actors.scheduler.tell({ kind: "look" });
    while (!this.#system.isIdle) this.#system.run(MESSAGES_PER_LOOK);
    return this.#result.take();
  }

  /** Tasks that the histograms have counted: 0 where nobody measures. */
  get measuredCount(): number {
    const snapshots = this.#latencies?.snapshot("service") ?? [];
    return snapshots.flatMap(({ counts }) => counts).reduce((sum, count) => sum + count, 0);
  }
}

class LoneTicket implements Tickets {
  waiting: { readonly run: Run; readonly input: unknown } | undefined;

  take(): { readonly run: Run; readonly input: unknown } | undefined {
    const ticket = this.waiting;
    this.waiting = undefined;
    return ticket;
  }
}

class LoneResult implements Results {
  #ended: { readonly isOk: boolean; readonly value: unknown } | undefined;

  send(_run: Run, isOk: boolean, value: unknown): boolean {
    this.#ended = { isOk, value };
    return true;
  }

  take(): unknown {
    const ended = this.#ended;
    this.#ended = undefined;
    if (ended === undefined) throw new Error("Cannot count this run as it must have come to its end");
    if (!ended.isOk) throw ended.value;
    return ended.value;
  }

  flush(): void {}
  close(): void {}
  discard(): void {}
}
