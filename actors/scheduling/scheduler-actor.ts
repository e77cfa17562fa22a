import type { Actor, ActorRef } from "../kernel/actor.js";
import type { SchedulerMessage, TaskMessage } from "../messages.js";
import type { Ports } from "../ports.js";
import { ReadyTask, type Run } from "../workflow/run.js";
import type { ReadySet } from "./ready-set.js";

/** A task that takes longer than this is shared ahead of its start, in ms; below it, sharing costs more than it brings. */
export const longTaskMs = 0.05;
/** Tasks of a worker that may wait in the ready queue for each worker that could take them: bounds inversions of the policy's order. */
export const queuedPerWorkerMax = 2;

export interface SchedulerOptions {
  readonly ports: Ports;
  /** Empty; the scheduler's own from here on. */
  readonly ready: ReadySet;
  /** Attempts that may wait for promises at a time. */
  readonly concurrency: number;
  readonly taskActor: Pick<ActorRef<TaskMessage>, "tell">;
  /** Makes a taken run live: spawns its workflow actor. */
  readonly startRun: (run: Run, input: unknown) => void;
}

/**
 * Decides, before every start, which task this worker runs next, and which tasks it gives away.
 *
 * Two levels: runs go in the order of the engine's scheduler, tasks within a run in the order of its own. Another run is taken
 * only when no task is ready here (depth first: memory stays flat and runs end early).
 */
export class SchedulerActor implements Actor<SchedulerMessage> {
  readonly #ports: Ports;
  readonly #concurrency: number;
  readonly #taskActor: Pick<ActorRef<TaskMessage>, "tell">;
  readonly #startRun: (run: Run, input: unknown) => void;
  readonly #ready: ReadySet;
  /** An attempt is with the task actor. */
  #isBusy = false;
  #pendingCount = 0;
  /** Tasks that were chosen to be given away and must stay; empty between two calls. */
  readonly #staying: ReadyTask[] = [];

  constructor(options: SchedulerOptions) {
    this.#ports = options.ports;
    this.#ready = options.ready;
    this.#concurrency = options.concurrency;
    this.#taskActor = options.taskActor;
    this.#startRun = options.startRun;
  }

  /** As many attempts wait for promises as may. */
  get isFull(): boolean {
    return this.#pendingCount >= this.#concurrency;
  }

  /** Nothing can be started now, whatever is ready: an attempt holds the thread's place, or as many wait for promises as may. */
  get isOccupied(): boolean {
    return this.#isBusy || this.isFull;
  }

  /** The home of the first run does not read what its guests tell it: nothing more is started until it does. */
  get isHeldUp(): boolean {
    const run = this.#ready.first;
    return run?.isGuest === true && !this.#ports.reports.hasRoomFor(run.home);
  }

  receive(message: SchedulerMessage): void {
    switch (message.kind) {
      case "look":
        break;
      case "task-done":
        if (message.task.isPending) this.#pendingCount -= 1;
        else this.#isBusy = false;
        this.#insert(message.ready);
        break;
      case "task-pending":
        this.#isBusy = false;
        this.#pendingCount += 1;
        break;
      case "tasks-ready":
        this.#insert(message.ready);
        break;
      case "run-over":
        this.#ready.drop(message.run);
        break;
    }
    this.#startNext();
  }

  #insert(first: ReadyTask | undefined): void {
    const now = this.#ports.watch.boundary;
    for (let task = first; task !== undefined; ) {
      const { next } = task;
      task.next = undefined;
      this.#ready.insert(task, now);
      task = next;
    }
  }

  #startNext(): void {
    if (this.#isBusy || this.isFull || this.isHeldUp) return;
    const task = this.#ready.take(this.#ports.watch.boundary) ?? this.#takeTicket();
    if (task === undefined) return;
    if (this.#ports.sharing.others > 0) this.#giveAway(task);
    this.#isBusy = true;
    this.#taskActor.tell(task);
  }

  /** A task of another worker's run starts at once; a run becomes live and its first tasks come back as a message. */
  #takeTicket(): ReadyTask | undefined {
    const ticket = this.#ports.tickets.take();
    if (ticket === undefined || ticket instanceof ReadyTask) return ticket;
    this.#startRun(ticket.run, ticket.input);
    return undefined;
  }

  /**
   * Offers ready tasks of the run to other workers: while some of them are hungry, or before this thread is taken by a long task.
   */
  #giveAway(next: ReadyTask): void {
    const { run } = next;
    if (run.ready.size === 0) return;
    const { sharing } = this.#ports;
    const takers = this.#takersFor(next);
    if (takers === 0) return;
    const room = takers * queuedPerWorkerMax - sharing.queuedCount();
    if (room <= 0 || !(run.isShared || sharing.share(run))) return;
    for (let left = Math.min(room, run.ready.size); left > 0 && sharing.hasRoom(); left--) {
      const task = run.ready.take(this.#ports.watch.boundary);
      if (task !== undefined && !sharing.offer(task)) this.#staying.push(task);
    }
    for (let task = this.#staying.pop(); task !== undefined; task = this.#staying.pop()) run.ready.insert(task, this.#ports.watch.boundary);
    this.#ready.taken(run);
  }

  #takersFor(next: ReadyTask): number {
    const hungry = this.#ports.sharing.hungryCount();
    if (hungry > 0) return hungry;
    const averageMs = next.run.workflow.averageMs(next.node);
    return averageMs <= longTaskMs ? 0 : this.#ports.sharing.others; // NaN, not known yet, counts as long
  }
}
