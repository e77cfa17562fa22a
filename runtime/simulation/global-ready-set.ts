import type { ReadySet } from "../../actors/scheduling/ready-set.js";
import type { ReadyTask } from "../../actors/workflow/run.js";
import type { Policy } from "../../schedulers/policy.js";

/** The ready tasks of all runs in the order of one policy. */
export class GlobalReadySet implements ReadySet {
  readonly #policy: Policy<ReadyTask>;
  /** No task of it stands for a run. */
  readonly first = undefined;

  /** @param policy empty; the set's own from here on */
  constructor(policy: Policy<ReadyTask>) {
    this.#policy = policy;
  }

  insert(task: ReadyTask, now: number): void {
    this.#policy.insert(task, now);
  }

  take(now: number): ReadyTask | undefined {
    for (let task = this.#policy.take(now); task !== undefined; task = this.#policy.take(now)) {
      if (!task.run.isOver) return task;
    }
    return undefined;
  }

  /** What is left of the run is passed over when its turn comes. */
  drop(): void {}

  taken(): void {}
}
