import { type PolicyDefinition, policy, policyDefinitionOf, type Schedulable, type TaskFacts } from "../../schedulers/index.js";
import type { Policy } from "../../schedulers/policy.js";

/** A heap of ready tasks: the lowest rank first, then the order of runs, then that of the tasks in them. */
class RankedHeap<Task extends Schedulable> implements Policy<Task> {
  readonly name: string;
  readonly #rank: (task: TaskFacts) => number;
  readonly #heap: { readonly rank: number; readonly order: number; readonly position: number; readonly task: Task }[] = [];

  constructor(name: string, rank: (task: TaskFacts) => number) {
    this.name = name;
    this.#rank = rank;
  }

  get size(): number {
    return this.#heap.length;
  }

  insert(task: Task): void {
    const entry = { rank: this.#rank(task), order: task.order, position: task.position, task };
    const heap = this.#heap;
    let at = heap.length;
    heap.push(entry);
    while (at > 0) {
      const above = (at - 1) >> 1;
      const other = heap[above]!;
      if (!isBefore(entry, other)) break;
      heap[at] = other;
      at = above;
    }
    heap[at] = entry;
  }

  take(): Task | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first?.task;
    let at = 0;
    for (let below = 1; below < heap.length; below = 2 * at + 1) {
      if (below + 1 < heap.length && isBefore(heap[below + 1]!, heap[below]!)) below += 1;
      if (!isBefore(heap[below]!, last)) break;
      heap[at] = heap[below]!;
      at = below;
    }
    heap[at] = last;
    return first.task;
  }

  remove(): boolean {
    return false;
  }

  reprioritise(): boolean {
    return false;
  }
}

interface Ranked {
  readonly rank: number;
  readonly order: number;
  readonly position: number;
}

const isBefore = (one: Ranked, other: Ranked): boolean =>
  one.rank - other.rank < 0 ||
  (one.rank === other.rank && (one.order < other.order || (one.order === other.order && one.position < other.position)));

function ranked(name: string, rank: (task: TaskFacts) => number): PolicyDefinition {
  const made = policy({ name, module: import.meta.url }, { create: () => new RankedHeap(name, rank) });
  return policyDefinitionOf(made) as PolicyDefinition;
}

/** By time of readiness. */
export const byReadiness: PolicyDefinition = ranked("by-readiness", (task) => task.readyAt);
/** By estimate, the shortest first. */
export const shortestFirst: PolicyDefinition = ranked("shortest-first", (task) => task.estimate ?? Number.POSITIVE_INFINITY);
/** By the longest way to the end of the workflow. */
export const longestPathFirst: PolicyDefinition = ranked("longest-path-first", (task) => -task.remainingPath);
