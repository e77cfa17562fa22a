import type { PolicyOrder } from "./definition.js";
import type { Policy, Schedulable } from "./policy.js";

/** An order of tasks, without a structure of its own. */
export type TaskOrder = Exclude<PolicyOrder, { readonly create: unknown }>;

const noRank = () => 0;

/**
 * Tasks in an order that their ranks or a comparison tell: a binary heap (J. W. J. Williams, 1964) in which each task's `place` says
 * where it stands, so that one in the middle is found at once. Every change takes logarithmic time.
 *
 * Equals go by `order`, `position` and insertion; those ranked Infinity, which go last, by `readyAt` before that.
 */
export class Ranked<Task extends Schedulable = Schedulable> implements Policy<Task> {
  readonly name: string;
  readonly #rankOf: (task: Task, now: number) => number;
  readonly #before: ((a: Task, b: Task) => boolean) | undefined;
  /** The heap: a task goes behind the one at half its place. The two lists below lie beside it. */
  readonly #tasks: Task[] = [];
  readonly #ranks: number[] = [];
  /** Position of each task in the order of insertion. */
  readonly #numbers: number[] = [];
  #inserted = 0;

  constructor(name: string, order: TaskOrder) {
    this.name = name;
    this.#rankOf = "rank" in order ? order.rank : noRank;
    this.#before = "before" in order ? order.before : undefined;
  }

  get size(): number {
    return this.#tasks.length;
  }

  /** The task that `take` would give. */
  get first(): Task | undefined {
    return this.#tasks[0];
  }

  insert(task: Task, now: number): void {
    this.#insert(task, this.#rankOf(task, now));
  }

  take(): Task | undefined {
    const first = this.#tasks[0];
    if (first !== undefined) this.#removeAt(0);
    return first;
  }

  remove(task: Task): boolean {
    if (!this.holds(task)) return false;
    this.#removeAt(task.place);
    return true;
  }

  /** Gives the first task, which there must be, to another one of its kind, in whose eyes it was inserted when it was inserted here. */
  passFirstTo(other: Ranked<Task>, now: number): void {
    const task = this.#tasks[0] as Task;
    const number = this.#numbers[0] as number;
    this.#removeAt(0);
    other.#insertNumbered(task, other.#rankOf(task, now), number);
  }

  reprioritise(task: Task, now: number): boolean {
    if (!this.holds(task)) return false;
    const rank = this.#rankOf(task, now);
    this.#removeAt(task.place);
    this.#insert(task, rank);
    return true;
  }

  holds(task: Task): boolean {
    return task.place >= 0 && this.#tasks[task.place] === task;
  }

  #insert(task: Task, rank: number): void {
    this.#insertNumbered(task, rank, this.#inserted++);
  }

  #insertNumbered(task: Task, rank: number, number: number): void {
    const at = this.#tasks.length;
    this.#tasks.push(task);
    this.#ranks.push(rank);
    this.#numbers.push(number);
    this.#rise(at, task, rank, number);
  }

  #removeAt(at: number): void {
    const removed = this.#tasks[at] as Task;
    const task = this.#tasks.pop() as Task; // they hold the removed one at least
    const rank = this.#ranks.pop() as number;
    const number = this.#numbers.pop() as number;
    removed.place = -1;
    if (task === removed) return;
    if (at > 0 && this.#goesBefore(task, rank, number, (at - 1) >> 1)) this.#rise(at, task, rank, number);
    else this.#sink(at, task, rank, number);
  }

  /** Puts a task where the one at `at` was, or before others that it goes before. */
  #rise(from: number, task: Task, rank: number, number: number): void {
    let at = from;
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (!this.#goesBefore(task, rank, number, above)) break;
      this.#put(at, this.#tasks[above] as Task, this.#ranks[above] as number, this.#numbers[above] as number);
      at = above;
    }
    this.#put(at, task, rank, number);
  }

  /** Puts a task where the one at `at` was, or behind others that go before it. */
  #sink(from: number, task: Task, rank: number, number: number): void {
    const count = this.#tasks.length;
    let at = from;
    for (let below = 2 * at + 1; below < count; below = 2 * at + 1) {
      if (below + 1 < count && this.#isBefore(below + 1, below)) below += 1;
      if (this.#goesBefore(task, rank, number, below)) break;
      this.#put(at, this.#tasks[below] as Task, this.#ranks[below] as number, this.#numbers[below] as number);
      at = below;
    }
    this.#put(at, task, rank, number);
  }

  #put(at: number, task: Task, rank: number, number: number): void {
    this.#tasks[at] = task;
    this.#ranks[at] = rank;
    this.#numbers[at] = number;
    task.place = at;
  }

  #isBefore(at: number, other: number): boolean {
    return this.#goesBefore(this.#tasks[at] as Task, this.#ranks[at] as number, this.#numbers[at] as number, other);
  }

  /** Whether a task goes before the one at `at`. */
  #goesBefore(task: Task, rank: number, number: number, at: number): boolean {
    const otherRank = this.#ranks[at] as number;
    if (rank !== otherRank) return rank < otherRank;
    const other = this.#tasks[at] as Task;
    if (this.#before !== undefined) {
      if (this.#before(task, other)) return true;
      if (this.#before(other, task)) return false;
    }
    if (rank === Number.POSITIVE_INFINITY && task.readyAt !== other.readyAt) return task.readyAt < other.readyAt;
    if (task.order !== other.order) return task.order < other.order;
    if (task.position !== other.position) return task.position < other.position;
    return number < (this.#numbers[at] as number);
  }
}
