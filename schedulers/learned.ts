import { builtIn } from "./definition.js";
import type { Observation, Policy, PolicyTools, Schedulable } from "./policy.js";
import { Ranked } from "./ranked.js";
import { RunTimeModel } from "./run-time-model.js";

/**
 * Shortest job first, by run times that were learnt from earlier attempts (see RunTimeModel). What nobody knows anything of goes last, in
 * FIFO order. Each time that twice as much has been seen as before, all that waits is ranked anew.
 */
class Learned<Task extends Schedulable> implements Policy<Task> {
  readonly name = "learned";
  readonly #model: RunTimeModel;
  readonly #ranked: Ranked<Task>;
  #milestone: number;

  constructor({ learners }: PolicyTools) {
    const model = learners?.of(this.name, () => new RunTimeModel()) ?? new RunTimeModel();
    this.#model = model;
    this.#milestone = model.milestone;
    this.#ranked = new Ranked<Task>(this.name, {
      rank: (facts) => {
        const task = facts as Task; // nothing else is inserted
        task.note = task.inputBytes;
        return model.expectedMs(task, task.note) ?? Number.POSITIVE_INFINITY;
      },
    });
  }

  get size(): number {
    return this.#ranked.size;
  }

  insert(task: Task, now: number): void {
    this.#ranked.insert(task, now);
  }

  take(now: number): Task | undefined {
    if (this.#model.milestone !== this.#milestone) this.#rankAgain(now);
    return this.#ranked.take();
  }

  remove(task: Task): boolean {
    return this.#ranked.remove(task);
  }

  reprioritise(task: Task, now: number): boolean {
    return this.#ranked.reprioritise(task, now);
  }

  observe(task: Task, { serviceMs, isOk }: Observation): void {
    if (isOk) this.#model.observe(task, serviceMs);
  }

  #rankAgain(now: number): void {
    this.#milestone = this.#model.milestone;
    const waiting: Task[] = [];
    for (let task = this.#ranked.take(); task !== undefined; task = this.#ranked.take()) waiting.push(task);
    for (const task of waiting) this.#ranked.insert(task, now);
  }
}

export const learned = builtIn("learned", { create: <Task extends Schedulable>(tools: PolicyTools) => new Learned<Task>(tools) });
