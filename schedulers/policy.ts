/** What a policy may look at: facts of one ready task. Times in ms on the engine's clock. */
export interface TaskFacts {
  readonly runId: string;
  /** Name of the task, without the positions of map elements. */
  readonly task: string;
  /** When its inputs existed. */
  readonly readyAt: number;
  /** When its run was submitted. */
  readonly submittedAt: number;
  /** Higher goes first. */
  readonly priority: number;
  /** Expected run time in ms, if its author gave one. */
  readonly estimate: number | undefined;
  /** When its run should have ended, if its submitter said so. */
  readonly deadline: number | undefined;
  /** Attempt that would start now; the first is 1. */
  readonly attempt: number;
}

/**
 * The order in which ready tasks start. A policy owns its structure; it never looks at a clock of its own and is called on one
 * thread only. Held by one conformance suite.
 */
export interface Policy<Task extends TaskFacts = TaskFacts> {
  readonly name: string;
  /** Tasks inserted and neither taken nor removed. */
  readonly size: number;
  /** Adds a task that has become ready. A task is inserted at most once at a time. */
  insert(task: Task, now: number): void;
  /** Removes and gives the task that goes first; undefined when there is none. */
  take(now: number): Task | undefined;
  /** Removes a task wherever it stands; false when it is not there. */
  remove(task: Task): boolean;
}
