import type { Policy } from "../../schedulers/policy.js";
import type { ActorRef } from "../kernel/actor.js";
import type { WorkflowMessage } from "../messages.js";
import type { LoadedWorkflow } from "./loaded-workflow.js";
import type { ReadyTask } from "./ready-task.js";
import type { Scope, ScopeShape } from "./scope.js";

/** What a worker is told of a run when it takes it, or a task of it. */
export interface RunFacts {
  readonly slot: number;
  readonly epoch: number;
  readonly workflow: LoadedWorkflow;
  readonly runId: string;
  /** Position in the order of submission: the lower run goes first. */
  readonly order: number;
  readonly submittedAt: number;
  readonly priority: number;
  /** NaN: none. */
  readonly deadline: number;
}

/** Where the scopes of a run live: in the heap of its home, or in shared memory. */
export interface ScopeSpace {
  /**
   * Opens a scope for the items of a list.
   *
   * @returns undefined when this worker has no room for it and the run's home has to do it
   */
  open(parent: Scope, at: number, shape: ScopeShape, items: readonly unknown[]): Scope | undefined;
  /** True when the outputs that the instance reads cannot be read here, but only at the run's home. */
  needsHome(scope: Scope, instance: number): boolean;
  /** The run's `tasks` and `workMs` have changed. Called before the end of the task counts, so that whoever ends the run sees it. */
  noteWork(): void;
}

/** A live run as one worker holds it: at home, or as the guest of another worker's run. */
export class Run {
  readonly slot: number;
  readonly epoch: number;
  readonly workflow: LoadedWorkflow;
  readonly runId: string;
  readonly order: number;
  readonly submittedAt: number;
  readonly priority: number;
  readonly deadline: number;
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
  /** Tasks executed on this worker and the time they took. */
  tasks = 0;
  workMs = 0;

  constructor(facts: RunFacts, home: number, isGuest: boolean, ready: Policy<ReadyTask>, space: ScopeSpace) {
    this.slot = facts.slot;
    this.epoch = facts.epoch;
    this.workflow = facts.workflow;
    this.runId = facts.runId;
    this.order = facts.order;
    this.submittedAt = facts.submittedAt;
    this.priority = facts.priority;
    this.deadline = facts.deadline;
    this.home = home;
    this.isGuest = isGuest;
    this.isShared = isGuest;
    this.ready = ready;
    this.space = space;
  }
}
