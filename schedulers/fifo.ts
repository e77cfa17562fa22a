import type { Policy, TaskFacts } from "./policy.js";

const compactAfter = 64;

/** First come, first served: tasks start in the order in which they became ready. Constant time; `remove` is linear. */
export class Fifo<Task extends TaskFacts = TaskFacts> implements Policy<Task> {
  readonly name = "fifo";
  #tasks: (Task | undefined)[] = [];
  #head = 0;

  get size(): number {
    return this.#tasks.length - this.#head;
  }

  insert(task: Task): void {
    this.#tasks.push(task);
  }

  take(): Task | undefined {
    if (this.#head === this.#tasks.length) return undefined;
    const task = this.#tasks[this.#head];
    this.#tasks[this.#head++] = undefined;
    if (this.#head === this.#tasks.length) {
      this.#tasks.length = 0;
      this.#head = 0;
    } else if (this.#head > compactAfter && this.#head * 2 > this.#tasks.length) {
      this.#tasks = this.#tasks.slice(this.#head);
      this.#head = 0;
    }
    return task;
  }

  remove(task: Task): boolean {
    const index = this.#tasks.indexOf(task, this.#head);
    if (index < 0) return false;
    this.#tasks.splice(index, 1);
    return true;
  }
}
