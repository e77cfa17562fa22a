import { Mailbox } from "../../actors/kernel/mailbox.js";
import type { ReadyTask } from "../../actors/workflow/run.js";
import type { VirtualClock } from "./virtual-clock.js";
import type { VirtualDoorbells } from "./virtual-doorbells.js";
import type { VirtualRun } from "./virtual-run.js";

/** The start of a run, or one ready task of a shared run. */
export interface VirtualTicket {
  readonly run: VirtualRun;
  readonly task: ReadyTask | undefined;
}

export interface VirtualReadyQueueParts {
  readonly clock: VirtualClock;
  readonly doorbells: VirtualDoorbells;
  /** Drawn for each ticket. */
  readonly hopMs: () => number;
}

/**
 * The ready queue of virtual workers. A ticket and the ring for it arrive together, a hop after it was published: a worker that has
 * been hungry until then is rung, and one that becomes hungry later looks first.
 */
export class VirtualReadyQueue {
  readonly #parts: VirtualReadyQueueParts;
  readonly #arrived = new Mailbox<VirtualTicket>(Number.MAX_SAFE_INTEGER);
  #onTheWay = 0;
  #newestArrivalMs = 0;

  constructor(parts: VirtualReadyQueueParts) {
    this.#parts = parts;
  }

  /** Tickets that nobody has taken, whether they can be seen yet or not. */
  get length(): number {
    return this.#onTheWay + this.#arrived.count;
  }

  publish(ticket: VirtualTicket): void {
    const { clock, hopMs } = this.#parts;
    this.#newestArrivalMs = Math.max(this.#newestArrivalMs, clock.nowMs() + hopMs()); // no ticket overtakes another
    this.#onTheWay += 1;
    clock.at(this.#newestArrivalMs, () => this.#arrive(ticket));
  }

  /** The oldest ticket that can be seen. */
  take(): VirtualTicket | undefined {
    return this.#arrived.take();
  }

  /** Rings another hungry worker, where one has taken a ticket and has left some. */
  ringNext(worker: number): void {
    if (this.#arrived.count === 0) return;
    const { clock, doorbells, hopMs } = this.#parts;
    const hungry = doorbells.nextHungry(worker);
    if (hungry >= 0) clock.after(hopMs(), () => doorbells.ring(hungry));
  }

  #arrive(ticket: VirtualTicket): void {
    const { doorbells } = this.#parts;
    this.#onTheWay -= 1;
    this.#arrived.offer(ticket);
    const hungry = doorbells.nextHungry(-1);
    if (hungry >= 0) doorbells.ring(hungry);
  }
}
