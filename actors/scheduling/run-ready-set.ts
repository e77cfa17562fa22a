import type { ReadyTask, Run } from "../workflow/run.js";
import type { ReadySet } from "./ready-set.js";
import { RunList } from "./run-list.js";

/** Two levels, as an engine's workers have them: runs in the order of the engine's scheduler, the tasks of a run in that of its own. */
export class RunReadySet implements ReadySet {
  readonly #runs = new RunList();

  get first(): Run | undefined {
    return this.#runs.first;
  }

  insert(task: ReadyTask, now: number): void {
    task.run.ready.insert(task, now);
    this.#runs.add(task.run);
  }

  take(now: number): ReadyTask | undefined {
    for (let run = this.#runs.first; run !== undefined; run = this.#runs.first) {
      if (run.isOver) {
        this.#runs.remove(run);
        continue;
      }
      const task = run.ready.take(now);
      this.taken(run);
      if (task !== undefined) return task;
    }
    return undefined;
  }

  drop(run: Run): void {
    this.#runs.remove(run);
  }

  taken(run: Run): void {
    if (run.ready.size === 0) this.#runs.remove(run);
  }
}
