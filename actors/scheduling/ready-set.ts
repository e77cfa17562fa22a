import type { ReadyTask, Run } from "../workflow/run.js";

/** The ready tasks that a scheduler actor chooses from. */
export interface ReadySet {
  insert(task: ReadyTask, now: number): void;
  /** Removes and gives the task that goes first; undefined when there is none. */
  take(now: number): ReadyTask | undefined;
  /** The run that the next task is likely to be of. */
  readonly first: Run | undefined;
  /** Nothing of the run is wanted any more. */
  drop(run: Run): void;
  /** Tasks of the run have been taken out of its own set: it may have none left. */
  taken(run: Run): void;
}
