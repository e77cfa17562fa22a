import type { Learner } from "./learner.js";
import type { TaskFacts } from "./policy.js";

/** Newest entries that are kept. */
const entriesMax = 100;

/** A task that could not end before the deadline of its run any more. Times in ms. */
export interface LateTask {
  readonly runId: string;
  readonly task: string;
  /** When that was seen, on the engine's clock. */
  readonly atMs: number;
  /** How long behind the deadline its workflow would end at best. */
  readonly lateMs: number;
}

/** Tasks that a policy has found too late for their deadlines. */
export class LateLog implements Learner {
  #count = 0;
  readonly #newest: LateTask[] = [];

  add({ runId, task }: TaskFacts, atMs: number, lateMs: number): void {
    this.#count += 1;
    this.#newest.push({ runId, task, atMs, lateMs });
    if (this.#newest.length > entriesMax) this.#newest.shift();
  }

  snapshot(): { readonly count: number; readonly newest: readonly LateTask[] } {
    return { count: this.#count, newest: [...this.#newest] };
  }

  /** What has been late once is nothing to go by. */
  absorb(): void {}
}
