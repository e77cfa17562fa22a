import type { Sharing } from "../../actors/ports.js";
import type { ReadyTask, Run } from "../../actors/workflow/run.js";
import type { VirtualShared } from "./virtual-shared.js";

/** Gives tasks to other virtual workers, as WorkSharing does: in one heap a run needs only to be marked as shared. */
export class VirtualSharing implements Sharing {
  readonly others: number;
  readonly sharesAtStart = false;
  readonly #worker: number;
  readonly #shared: VirtualShared;

  constructor(worker: number, shared: VirtualShared) {
    this.#worker = worker;
    this.#shared = shared;
    this.others = shared.workers - 1;
  }

  hungryCount(): number {
    return this.#shared.doorbells.hungryCount(this.#worker);
  }

  queuedCount(): number {
    return this.#shared.queue.length;
  }

  share(run: Run): boolean {
    run.isShared = true;
    return true;
  }

  hasRoom(): boolean {
    return true;
  }

  offer(task: ReadyTask): boolean {
    if (task.isPinned) return false;
    const { live, queue } = this.#shared;
    const run = live.get(task.run.order);
    if (run !== undefined) queue.publish({ run, task }); // else it has failed: whoever took the ticket would drop it
    return true;
  }
}
