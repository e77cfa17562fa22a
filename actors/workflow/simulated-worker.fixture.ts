import { assert } from "../kernel/assert.js";
import { ManualClock } from "../kernel/clock.js";
import { ActorSystem } from "../kernel/system.js";
import { copyValue } from "../kernel/value.js";
import { noJournal, noPresence, noReports, noReservations, noSharing, unwatched } from "../lone-ports.js";
import type { Ports } from "../ports.js";
import { RunReadySet } from "../scheduling/run-ready-set.js";
import { spawnWorkerActors, type WorkerActors } from "../worker-actors.js";
import type { LoadedWorkflow } from "./loaded-workflow.js";
import type { LocalMemory } from "./local-memory.js";
import { localSpace } from "./local-space.js";
import { ReadyTask, Run } from "./run.js";
import type { RunPast } from "./run-past.js";
import { runFacts } from "./scope.fixture.js";
import { Scope } from "./scope.js";
import { ManualStopwatch, ResultList, type RunOutcome, SimulatedExecutor, TicketList } from "./simulated-ports.fixture.js";
import { taskPath } from "./task-path.js";

const roundsMax = 100_000;
/** A look and a flush. */
const messagesOfIdleRound = 2;
/** Time that passes when nobody has anything to do: first, at most, in ms. */
const idleMsMin = 5;
const idleMsMax = 60_000;

export interface SimulationOptions {
  /** Numbers from 0 up to 1: all that is left to chance. */
  readonly random: () => number;
  /** Attempts that may be pending at a time. */
  readonly concurrency?: number;
  readonly outputBytesMax?: number;
  /** How often an attempt ends while actors have messages, from 0 to 1; at 0 all ends come when nobody has anything to do. @defaultValue 0.3 */
  readonly overtaking?: number;
}

/** One worker without neighbours: the real actors, on a clock that moves only while handlers are called. */
export class SimulatedWorker {
  readonly clock = new ManualClock();
  readonly executor: SimulatedExecutor;
  readonly results: ResultList;
  readonly runs: Run[] = [];
  /** Every message that an actor has handled, in order: `actor < kind path`. */
  readonly trace: string[] = [];
  readonly system: ActorSystem;
  readonly #watch: ManualStopwatch;
  readonly #random: () => number;
  readonly #overtaking: number;
  readonly #tickets = new TicketList();
  readonly #actors: WorkerActors;

  constructor({ random, concurrency = 4, outputBytesMax = Number.POSITIVE_INFINITY, overtaking = 0.3 }: SimulationOptions) {
    const { clock } = this;
    this.#random = random;
    this.#overtaking = overtaking;
    this.executor = new SimulatedExecutor(clock, random);
    this.results = new ResultList(random);
    this.system = new ActorSystem({ clock });
    this.#watch = new ManualStopwatch(clock);
    const ports: Ports = {
      watch: this.#watch,
      tickets: this.#tickets,
      executor: this.executor,
      sharing: noSharing,
      presence: noPresence,
      reports: noReports,
      results: this.results,
      latency: { task() {} },
      inHand: unwatched,
      reservations: noReservations,
      journal: noJournal,
      clock,
      random,
      outputBytesMax,
    };
    const trace = (actor: string, message: { readonly kind: string }) =>
      void this.trace.push(`${actor} < ${message.kind} ${pathIn(message)}`);
    this.#actors = spawnWorkerActors({ system: this.system, ports, ready: new RunReadySet(), concurrency, trace });
    this.executor.taskActor = this.#actors.taskActor;
  }

  /** Lets a run wait for the worker. */
  submit(workflow: LoadedWorkflow, input: unknown, past?: RunPast): Run {
    const number = this.runs.length;
    const facts = { ...runFacts, slot: number, ownId: `run-${number}`, order: number };
    const run = new Run(facts, { workflow, home: 0, isGuest: false, idPrefix: "", past }, workflow.makeReady<ReadyTask>(), localSpace);
    this.runs.push(run);
    this.#tickets.add(run, copyValue(input));
    return run;
  }

  /** The control thread takes a run away. */
  takeAway(run: Run): void {
    run.actor.tell({ kind: "taken-away" });
  }

  /** Works until there is nothing left to do, a little or a lot at a time. @returns how the runs ended, in the order of submission */
  work(): (RunOutcome | undefined)[] {
    let idleMs = idleMsMin;
    for (let rounds = 0; this.#hasWork(); rounds++) {
      assert(rounds < roundsMax, "a simulation comes to its end");
      const handled = this.trace.length;
      this.#actors.scheduler.tell({ kind: "look" });
      this.#runActors();
      this.executor.settleOne();
      this.#runActors();
      this.#actors.checkpoint.tell({ kind: "flush" });
      this.#runActors();
      const isIdle = this.trace.length === handled + messagesOfIdleRound;
      if (isIdle) this.clock.advance(idleMs);
      if (isIdle) this.#watch.lap(); // as a loop does when it wakes
      idleMs = isIdle ? Math.min(idleMs * 2, idleMsMax) : idleMsMin;
    }
    return this.runs.map(({ runId }) => this.results.sent.find((outcome) => outcome.runId === runId));
  }

  #hasWork(): boolean {
    const { executor, results, runs } = this;
    if (executor.pendingCount + executor.endlessCount > 0 || this.#tickets.count > 0) return true;
    return results.flushedCount < results.endedCount || runs.some(({ isOver }) => !isOver) || !this.system.isIdle;
  }

  #runActors(): void {
    while (!this.system.isIdle) {
      this.system.run(this.#random() < 0.5 ? 1 : 40);
      if (this.#random() < this.#overtaking) this.executor.settleOne();
    }
  }
}

/** Path of the task that a message is about. */
function pathIn(message: object): string {
  if (message instanceof ReadyTask) return message.path;
  return "task" in message && message.task instanceof ReadyTask ? message.task.path : "";
}

/** The outputs that a run still keeps in its scopes, by path of the task. */
export function keptOutputs(run: Run): Map<string, unknown> {
  const kept = new Map<string, unknown>();
  const open = [run.root];
  for (let scope = open.pop(); scope !== undefined; scope = open.pop()) {
    const { outputs } = (scope.memory as LocalMemory).state(); // the run is not shared
    for (let instance = 0; instance < outputs.length; instance++) {
      const output = outputs[instance];
      if (output instanceof Scope) open.push(output);
      else if (output !== undefined) kept.set(taskPath(scope, instance), output);
    }
  }
  return kept;
}
