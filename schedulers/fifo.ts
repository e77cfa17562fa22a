import type { Policy, Schedulable } from "./policy.js";

const compactAfter = 64;

/** First come, first served: tasks start in the order in which they became ready. Constant time; `remove` is linear. */
export class Fifo<Task extends Schedulable = Schedulable> implements Policy<Task> {
  readonly name = "fifo";
  /** Tasks from `#head` up to `#tail`. Its length is not cut back when it is empty: it would have to grow again at once. */
  #tasks: (Task | undefined)[] = [];
  #head = 0;
  #tail = 0;

  get size(): number {
    return this.#tail - this.#head;
  }

  insert(task: Task): void {
    this.#tasks[this.#tail++] = task;
  }

  take(): Task | undefined {
    if (this.#head === this.#tail) return undefined;
    const task = this.#tasks[this.#head];
    this.#tasks[this.#head++] = undefined;
    if (this.#head === this.#tail) {
      this.#head = 0;
      this.#tail = 0;
    } else if (this.#head > compactAfter && this.#head * 2 > this.#tail) {
      this.#compact();
    }
    return task;
  }

  remove(task: Task): boolean {
    const index = this.#tasks.indexOf(task, this.#head);
    if (index < 0) return false;
    this.#tasks.splice(index, 1);
    this.#tail -= 1;
    return true;
  }

  reprioritise(task: Task): boolean {
    return this.#tasks.indexOf(task, this.#head) >= 0;
  }

  #compact(): void {
    this.#tasks = this.#tasks.slice(this.#head, this.#tail);
    this.#tail -= this.#head;
    this.#head = 0;
  }
}
