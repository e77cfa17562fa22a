import type { Learners } from "./learner.js";

/** What a policy may look at: facts of one ready task, or of one run that waits for a worker. Times in ms on the engine's clock. */
export interface TaskFacts {
  readonly runId: string;
  /** Name of the task, without the positions of map elements; of a run: the name of its workflow. */
  readonly task: string;
  /** What it has in common with others that do the same: its handler, or the category that a recorded workflow gives it; of a run: the name of its workflow. */
  readonly category: string;
  /** Position of the run in the order of submission. */
  readonly order: number;
  /** Position of the task in its workflow, in the order in which it was written. */
  readonly position: number;
  /** When its inputs existed. */
  readonly readyAt: number;
  /** When its run was submitted. */
  readonly submittedAt: number;
  /** Higher goes first: the priority of the run and that of the task in it, added. */
  readonly priority: number;
  /** Expected run time in ms, if its author gave one; of a run: that of all its tasks. */
  readonly estimate: number | undefined;
  /** When its run should have ended, if its submitter said so. */
  readonly deadline: number | undefined;
  /** Cores that an attempt takes. */
  readonly cpus: number;
  /** Bytes that an attempt reserves, if its author said so. */
  readonly memory: number | undefined;
  /**
   * Expected time in ms from the start of the task to the end of its workflow, by the longest path through it. A task without an
   * estimate counts as much as the others do on average; without any, tasks are counted.
   */
  readonly remainingPath: number;
  /** Attempt that would start now; the first is 1. */
  readonly attempt: number;
  /** Size of its input. Measured when it is asked for: ask once. */
  readonly inputBytes: number;
}

/** A task as a policy holds it. */
export interface Schedulable extends TaskFacts {
  /** Where the policy that holds it keeps it; -1: no policy does. Of that policy alone. */
  place: number;
  /** What that policy remembers of it until its attempt has ended; NaN: nothing. */
  note: number;
}

/** How one attempt went. */
export interface Observation {
  /** In ms. */
  readonly serviceMs: number;
  readonly isOk: boolean;
}

/**
 * The order in which ready tasks start. A policy owns its structure; it never looks at a clock of its own and is called on one
 * thread only. Tasks that are equal in the eyes of a policy go by `order`, then by `position`, then in the order of insertion. Held by
 * one conformance suite.
 */
export interface Policy<Task extends Schedulable = Schedulable> {
  readonly name: string;
  /** Tasks inserted and neither taken nor removed. */
  readonly size: number;
  /** Adds a task that has become ready. A task is inserted at most once at a time. */
  insert(task: Task, now: number): void;
  /** Removes and gives the task that goes first; undefined when there is none. */
  take(now: number): Task | undefined;
  /** Removes a task wherever it stands; false when it is not there. */
  remove(task: Task): boolean;
  /** Facts of a task have changed: it goes where `insert` would put it now; false when it is not there. */
  reprioritise(task: Task, now: number): boolean;
  /** Learns how an attempt of a task went that was taken before. */
  observe?(task: Task, observation: Observation): void;
}

/** What a policy is handed when it is made. */
export interface PolicyTools {
  /** A number from 0 up to 1: all that is left to chance. */
  readonly random: () => number;
  /** What the policies of this thread have learnt so far. @defaultValue each policy learns for itself */
  readonly learners?: Learners;
  /**
   * Has a task end without being started, once it has been taken.
   *
   * @param lateMs how long behind its deadline it would end at best
   * @defaultValue it is started all the same
   */
  readonly shed?: (task: Schedulable, lateMs: number) => void;
}
