import type { Policy } from "../../schedulers/policy.js";
import type { ActorRef } from "../kernel/actor.js";
import type { DataFlowerError } from "../kernel/errors.js";
import type { TimerEntry } from "../kernel/timer-wheel.js";
import type { Refusable } from "../scheduling/refusable.js";
import type { Failure, FailureKind } from "./failure.js";
import { inputBytes } from "./input-bytes.js";
import type { LoadedWorkflow } from "./loaded-workflow.js";
import type { RunPast } from "./run-past.js";
import type { Scope, ScopeSpace } from "./scope.js";
import { taskPath } from "./task-path.js";

/*
 * A run holds its ready tasks and the actor that hears how they ended; a task names its run; the message names the task. The three
 * know each other, so they share a file.
 */

/** What a worker is told of a run when it takes it, or a task of it. */
export interface RunFacts {
  readonly slot: number;
  readonly epoch: number;
  /** undefined: the run is named by its order. */
  readonly ownId: string | undefined;
  /** Position in the order of submission. */
  readonly order: number;
  /** By the engine's scheduler, as far as it goes by ranks: the lower run goes first, then the one submitted earlier. Else 0. */
  readonly rank: number;
  readonly submittedAt: number;
  readonly priority: number;
  /** NaN: none. */
  readonly deadline: number;
  /** Grows with every home that the run is given. */
  readonly fence: number;
  /** Where the control thread keeps what is known of the run's tasks from before; 0: nothing is. */
  readonly pastBlock: number;
}

/** What a worker adds to that. */
export interface RunPlace {
  /** What is known of its tasks from before; undefined for nearly every run. */
  readonly past: RunPast | undefined;
  readonly workflow: LoadedWorkflow;
  /** Worker whose run it is. */
  readonly home: number;
  readonly isGuest: boolean;
  /** Precedes the order in the id of a run that has none of its own. */
  readonly idPrefix: string;
}

/** A live run as one worker holds it: at home, or as the guest of another worker's run. */
export class Run {
  readonly slot: number;
  readonly epoch: number;
  readonly workflow: LoadedWorkflow;
  readonly ownId: string | undefined;
  readonly #idPrefix: string;
  readonly order: number;
  readonly rank: number;
  readonly submittedAt: number;
  readonly priority: number;
  readonly deadline: number;
  readonly fence: number;
  readonly pastBlock: number;
  readonly past: RunPast | undefined;
  /** Worker whose run this is. */
  readonly home: number;
  readonly isGuest: boolean;
  /** Ready tasks, in the order of the run's own scheduler. */
  readonly ready: Policy<ReadyTask>;
  space: ScopeSpace;
  root!: Scope;
  actor!: ActorRef<WorkflowMessage>;
  startedAt = 0;
  /** True from the moment that other workers may execute its tasks. */
  isShared: boolean;
  /** Its end has been decided: what still comes in is dropped. */
  isOver = false;
  /** In the scheduler's list of runs with ready tasks. */
  isListed = false;
  /** Attempts of it that wait here for promises, and tasks that wait for their next one. */
  unfinished = 0;
  /** Tasks executed on this worker and the time they took. */
  tasks = 0;
  workMs = 0;

  constructor(facts: RunFacts, place: RunPlace, ready: Policy<ReadyTask>, space: ScopeSpace) {
    this.slot = facts.slot;
    this.epoch = facts.epoch;
    this.workflow = place.workflow;
    this.ownId = facts.ownId;
    this.#idPrefix = place.idPrefix;
    this.order = facts.order;
    this.rank = facts.rank;
    this.submittedAt = facts.submittedAt;
    this.priority = facts.priority;
    this.deadline = facts.deadline;
    this.fence = facts.fence;
    this.pastBlock = facts.pastBlock;
    this.past = place.past;
    this.home = place.home;
    this.isGuest = place.isGuest;
    this.isShared = place.isGuest;
    this.ready = ready;
    this.space = space;
  }

  get runId(): string {
    return this.ownId ?? `${this.#idPrefix}${this.order}`;
  }
}

/** A task whose inputs exist: what policies order, and the message that tells the task actor to run one attempt. */
export class ReadyTask implements Refusable {
  readonly kind = "run-task";
  readonly run: Run;
  readonly scope: Scope;
  readonly instance: number;
  /** Global node. */
  readonly node: number;
  readonly readyAt: number;
  attempt = 1;
  place = -1;
  note = Number.NaN;
  /** Must run on this worker: an output that it reads cannot be read elsewhere, or what its past left is known here alone. */
  isPinned = false;
  /** Did not start, as the ring to its home had no room for its answer. */
  isHeld = false;
  /** That it is about to start has to be recorded first. */
  mustMark = false;
  /** That has been done. */
  isMarked = false;
  /** The attempt waits for a promise. */
  isPending = false;
  /** While it does: its place among those of the worker. */
  pendingPlace = -1;
  /** While it does: what its executor keeps of it. */
  waiting: unknown = undefined;
  /** Next in a list of tasks that became ready together. */
  next: ReadyTask | undefined = undefined;
  /** While it waits for a promise, or for its next attempt: when it is due. */
  timer: TimerEntry<ReadyTask> | undefined = undefined;
  /** What earlier attempts left: undefined for a first attempt. */
  past: Past | undefined = undefined;

  constructor(run: Run, scope: Scope, instance: number, node: number, readyAt: number) {
    this.run = run;
    this.scope = scope;
    this.instance = instance;
    this.node = node;
    this.readyAt = readyAt;
  }

  get runId(): string {
    return this.run.runId;
  }

  get task(): string {
    return this.run.workflow.graph.name(this.node);
  }

  get category(): string {
    return this.run.workflow.graph.label(this.node);
  }

  /** Name with the positions of map elements. */
  get path(): string {
    return taskPath(this.scope, this.instance);
  }

  get submittedAt(): number {
    return this.run.submittedAt;
  }

  get order(): number {
    return this.run.order;
  }

  get position(): number {
    return this.node;
  }

  get priority(): number {
    return this.run.priority + this.run.workflow.graph.options(this.node).priority;
  }

  get estimate(): number | undefined {
    return this.run.workflow.graph.options(this.node).estimateMs;
  }

  get deadline(): number | undefined {
    return this.run.deadline >= 0 ? this.run.deadline : undefined;
  }

  get cpus(): number {
    return this.run.workflow.graph.options(this.node).cpus ?? 1;
  }

  get memory(): number | undefined {
    return this.run.workflow.graph.options(this.node).memoryBytes;
  }

  get remainingPath(): number {
    return this.run.workflow.remainingPathMs(this.node);
  }

  get inputBytes(): number {
    return inputBytes(this.scope, this.instance, this.node);
  }

  refuse(error: DataFlowerError): void {
    this.past = { heartbeat: this.past?.heartbeat, end: { outcome: "unscheduled", value: error }, dueAt: 0 };
    this.isPinned = true; // a ticket does not carry the failure
  }
}

/** What earlier attempts of a task left behind. */
export interface Past {
  /** Details of the last heartbeat. */
  readonly heartbeat: unknown;
  /** Set when there is no further attempt: instead of being started, the task ends with this. */
  readonly end: { readonly outcome: TaskEnded["outcome"]; readonly value: unknown } | undefined;
  /** When the next attempt may start, in ms; 0: at once. */
  readonly dueAt: number;
}

/** How an attempt ended: with an output, or by a failure. */
export interface TaskEnded {
  readonly kind: "task-ended";
  readonly task: ReadyTask;
  readonly outcome: "returned" | FailureKind;
  /** `returned`: the output. `threw`: what was thrown. Otherwise a DataFlowerError. */
  readonly value: unknown;
  /** Details of the attempt's last heartbeat. */
  readonly heartbeat: unknown;
  /** When, in ms. */
  readonly at: number;
}

/** A task has ended for good, and that is recorded. */
export interface TaskCommitted {
  readonly kind: "task-committed";
  readonly run: Run;
  readonly scope: Scope;
  readonly instance: number;
  /** False when it has taken its inputs. */
  readonly hasInputs: boolean;
  /** It was given up; undefined: there is an output. */
  readonly error: DataFlowerError | undefined;
}

/** To a workflow actor, or to the actor of guest runs. */
export type WorkflowMessage =
  /** The run begins: the workflow's input is known. */
  | { readonly kind: "start"; readonly input: unknown }
  | TaskEnded
  /** A guest of this run ended its last node. */
  | { readonly kind: "guest-ended-run" }
  /** An attempt of this run failed at a guest. */
  | {
      readonly kind: "guest-task-failed";
      readonly scope: Scope;
      readonly instance: number;
      readonly attempt: number;
      readonly failure: Failure;
    }
  /** A guest brought a node to readiness that only the run's home can do. */
  | { readonly kind: "guest-returned"; readonly scope: Scope; readonly instance: number }
  /** What was recorded of a task's end is as durable as it has to be. */
  | TaskCommitted
  /** The control thread has taken the run away: it was cancelled, or goes to another home. */
  | { readonly kind: "taken-away" };
