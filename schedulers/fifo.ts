import type { Policy, Schedulable } from "./policy.js";
import { Ranked } from "./ranked.js";

/** The queue is moved to the front when more places of it are free than this, and more than are taken. */
const freePlacesMax = 64;

/**
 * First come, first served: tasks start in the order in which they became ready, those of one instant by `order` and `position`.
 *
 * Tasks nearly always come in that order, and stand in a queue: constant time. One that comes after others that it goes before is
 * late and stands in a heap beside it: logarithmic time.
 */
export class Fifo<Task extends Schedulable = Schedulable> implements Policy<Task> {
  readonly name = "fifo";
  /**
   * Tasks from `#head` up to `#tail`, undefined where one was removed. Its length is not cut back when it is empty: it would have to
   * grow again at once.
   */
  #queue: (Task | undefined)[] = [];
  #head = 0;
  #tail = 0;
  #queued = 0;
  /** Of the newest task in the queue: since nothing was held, none that goes behind it has been put there. */
  #lastReadyAt = 0;
  #lastOrder = 0;
  #lastPosition = 0;
  /** Made for the first task that is late. */
  #late: Ranked<Task> | undefined;

  get size(): number {
    return this.#late === undefined ? this.#queued : this.#queued + this.#late.size;
  }

  insert(task: Task): void {
    const { readyAt, order, position } = task;
    if (this.#isLate(readyAt, order, position)) {
      this.#late ??= new Ranked("late", { rank: (late) => late.readyAt });
      this.#late.insert(task, 0);
      return;
    }
    this.#lastReadyAt = readyAt;
    this.#lastOrder = order;
    this.#lastPosition = position;
    task.place = this.#tail;
    this.#queue[this.#tail++] = task;
    this.#queued += 1;
  }

  take(): Task | undefined {
    const first = this.#first();
    const late = this.#late?.first;
    if (late !== undefined && (first === undefined || goesBefore(late, first))) return this.#late?.take();
    if (first !== undefined) this.#removeAt(this.#head++);
    return first;
  }

  remove(task: Task): boolean {
    if (this.#queue[task.place] !== task) return this.#late?.remove(task) === true;
    this.#removeAt(task.place);
    return true;
  }

  reprioritise(task: Task): boolean {
    if (!this.remove(task)) return false;
    this.insert(task);
    return true;
  }

  #isLate(readyAt: number, order: number, position: number): boolean {
    if (readyAt > this.#lastReadyAt || this.size === 0) return false;
    if (readyAt !== this.#lastReadyAt) return true;
    return order === this.#lastOrder ? position < this.#lastPosition : order < this.#lastOrder;
  }

  /** The first task of the queue: `#head` moves on to it. */
  #first(): Task | undefined {
    if (this.#queued === 0) return undefined;
    while (this.#queue[this.#head] === undefined) this.#head += 1;
    return this.#queue[this.#head];
  }

  #removeAt(at: number): void {
    const task = this.#queue[at] as Task; // the caller has seen it there
    task.place = -1;
    this.#queue[at] = undefined;
    this.#queued -= 1;
    const free = this.#tail - this.#queued;
    if (this.#queued === 0) {
      this.#head = 0;
      this.#tail = 0;
    } else if (free > freePlacesMax && free > this.#queued) this.#compact();
  }

  #compact(): void {
    const queue: Task[] = [];
    for (let at = this.#head; at < this.#tail; at++) {
      const task = this.#queue[at];
      if (task === undefined) continue;
      task.place = queue.length;
      queue.push(task);
    }
    this.#queue = queue;
    this.#head = 0;
    this.#tail = queue.length;
  }
}

/** Of equals the one in the queue goes first: it came first, as later ones go behind the last of the queue. */
function goesBefore(late: Schedulable, queued: Schedulable): boolean {
  if (late.readyAt !== queued.readyAt) return late.readyAt < queued.readyAt;
  return late.order === queued.order ? late.position < queued.position : late.order < queued.order;
}
