import type { Actor, ActorRef } from "../kernel/actor.js";
import type { SchedulerMessage, TaskMessage } from "../messages.js";
import type { Ports } from "../ports.js";
import { ReadyTask, type Run } from "../workflow/run.js";
import type { ReadySet } from "./ready-set.js";

/** A task that takes longer than this is shared ahead of its start, in ms; below it, sharing costs more than it brings. */
export const longTaskMs = 0.05;
/** Tasks of a worker that may wait in the ready queue for each worker that could take them: bounds inversions of the policy's order. */
export const queuedPerWorker = 2;
/** The same before this worker is taken by a task that takes longer than others do: they must not run out of work before it comes back. */
export const queuedPerWorkerMax = 16;
/** Tasks of a worker that may wait for cores or memory. Behind so many of them it does not look for one that reserves nothing. */
export const waitingTasksMax = 16;

/** Times that a worker may be unable to look for room for its first waiting task, before that task is the next thing that it starts. */
export const suspensionsMax = 4;

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
 *
 * A chosen task that reserves cores or memory starts when it has been admitted. Until then it waits, and what reserves is lined up behind
 * it in the order in which it was chosen: so a large task is not passed over by small ones for ever. What reserves nothing passes them,
 * and while the worker executes one that takes long, or is full, others need not keep room for what waits there. After a few such times
 * nothing passes it any more.
 *
 *             chosen, reserves nothing
 *   (ready) ─────────────────────────────────────────────▶ STARTED ── task-done: what it reserved is released
 *      │ chosen, reserves                                     ▲
 *      └──────────────────▶ WAITING ── first, and admitted ───┘
 *                              ├────── not first: offered to a worker that has none which waits
 *                              └────── run-over: dropped
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
  /** Chosen tasks that reserve and have not been admitted, in the order in which they were chosen. */
  #waiting: ReadyTask[] = [];
  /** How often this worker could not look for room for the first of them for a while. */
  #suspensions = 0;

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

  /**
   * Nothing can be started now, whatever is ready: an attempt holds the thread's place, or as many wait for promises as may, or as many
   * tasks for room.
   */
  get isOccupied(): boolean {
    return this.#isBusy || this.isFull || this.#isCrowded || !this.#ports.reservations.isOpen;
  }

  /** No further task can wait for room. Where every task has to be admitted, none can pass the first. */
  get #isCrowded(): boolean {
    return this.#suspensions >= suspensionsMax || this.#waiting.length >= (this.#ports.reservations.reservesAll ? 1 : waitingTasksMax);
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
        message.task.isPending = false; // it may be started again
        if (this.#mustReserve(message.task)) this.#ports.reservations.release(message.task);
        this.#insert(message.ready);
        break;
      case "task-pending":
        this.#isBusy = false;
        this.#pendingCount += 1;
        if (this.isFull) this.#suspendFirst();
        break;
      case "tasks-ready":
        this.#insert(message.ready);
        break;
      case "run-over":
        this.#ready.drop(message.run);
        this.#dropWaiting(message.run);
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
    if (this.#isBusy || this.isFull || this.isHeldUp || !this.#ports.reservations.isOpen) return;
    const task = this.#waiting.length === 0 ? this.#chooseFirst() : (this.#admitFirst() ?? this.#choose());
    if (task === undefined) return;
    if (this.#ports.sharing.others > 0) this.#giveAway(task);
    if (this.#waiting.length > 0 && !this.#mustReserve(task) && isLong(task)) this.#suspendFirst();
    this.#isBusy = true;
    this.#taskActor.tell(task);
  }

  /** As `#choose`, while nothing waits for room: nearly always. */
  #chooseFirst(): ReadyTask | undefined {
    const task = this.#take();
    if (task === undefined || !this.#mustReserve(task)) return task;
    this.#waiting.push(task);
    return this.#admitFirst() ?? this.#choose();
  }

  /** The next task that reserves nothing, or has been admitted. What has to wait for room joins the line on the way. */
  #choose(): ReadyTask | undefined {
    while (!this.#isCrowded) {
      const task = this.#take();
      if (task === undefined || !this.#mustReserve(task)) return task;
      this.#waiting.push(task);
      const admitted = this.#waiting.length === 1 ? this.#admitFirst() : undefined;
      if (admitted !== undefined) return admitted;
    }
    return undefined;
  }

  #take(): ReadyTask | undefined {
    return this.#ready.take(this.#ports.watch.boundary) ?? this.#takeTicket();
  }

  #mustReserve(task: ReadyTask): boolean {
    return task.run.workflow.isReserving(task.node) || this.#ports.reservations.reservesAll;
  }

  /** The first of the tasks that wait for room, if there is some. */
  #admitFirst(): ReadyTask | undefined {
    this.#dropOver();
    const [first] = this.#waiting;
    if (first === undefined || !this.#ports.reservations.reserve(first)) return undefined;
    this.#suspensions = 0;
    return this.#waiting.shift();
  }

  /** The worker cannot look for room until something ends. */
  #suspendFirst(): void {
    const [first] = this.#waiting;
    if (first === undefined) return;
    this.#suspensions += 1;
    this.#ports.reservations.suspend(first);
  }

  /** A run may be over before a message says so. */
  #dropOver(): void {
    for (let [first] = this.#waiting; first?.run.isOver; [first] = this.#waiting) this.#dropWaiting(first.run);
  }

  #dropWaiting(run: Run): void {
    const [first] = this.#waiting;
    if (first?.run === run) {
      this.#suspensions = 0;
      this.#ports.reservations.withdraw(first);
    }
    if (first !== undefined) this.#waiting = this.#waiting.filter((task) => task.run !== run);
  }

  /** A task of another worker's run starts at once; a run becomes live and its first tasks come back as a message. */
  #takeTicket(): ReadyTask | undefined {
    const ticket = this.#ports.tickets.take();
    if (ticket === undefined || ticket instanceof ReadyTask) return ticket;
    this.#startRun(ticket.run, ticket.input);
    return undefined;
  }

  /**
   * Offers tasks to other workers: while some of them are hungry, or before this thread is taken by a long task. First what waits for room
   * behind another one here, then what is ready of the run. What reserves is offered to no worker that has a task which waits for room.
   */
  #giveAway(next: ReadyTask): void {
    if (next.run.ready.size === 0 && this.#waiting.length < 2) return;
    const takers = this.#takersFor(next);
    if (takers === 0) return;
    if (this.#waiting.length > 1) this.#giveWaiting(takers);
    if (next.run.ready.size > 0) this.#giveReady(next, takers);
  }

  #giveWaiting(takers: number): void {
    const { sharing } = this.#ports;
    for (let room = this.#roomForReserving(takers); room > 0 && this.#waiting.length > 1 && sharing.hasRoom(); room--) {
      const task = this.#waiting[1] as ReadyTask; // there is one
      if (task.run.isOver || !(task.run.isShared || sharing.share(task.run)) || !sharing.offer(task)) return;
      this.#waiting.splice(1, 1);
    }
  }

  #giveReady(next: ReadyTask, takers: number): void {
    const { run } = next;
    const { sharing, watch } = this.#ports;
    const room = this.#roomFor(takers, queuedWhile(next));
    if (room <= 0 || !(run.isShared || sharing.share(run))) return;
    let reservingRoom: number | undefined;
    for (let left = Math.min(room, run.ready.size); left > 0 && sharing.hasRoom() && !this.#isCrowded; left--) {
      const task = run.ready.take(watch.boundary);
      if (task === undefined) continue;
      if (this.#mustReserve(task)) reservingRoom = (reservingRoom ?? this.#roomForReserving(takers)) - 1;
      if (this.#mustReserve(task) && (reservingRoom as number) < 0) this.#waiting.push(task);
      else if (!sharing.offer(task)) this.#staying.push(task);
    }
    for (let task = this.#staying.pop(); task !== undefined; task = this.#staying.pop()) run.ready.insert(task, watch.boundary);
    this.#ready.taken(run);
  }

  /** Tickets that may be added to the queue for so many takers. */
  #roomFor(takers: number, perTaker = queuedPerWorker): number {
    return takers * perTaker - this.#ports.sharing.queuedCount();
  }

  /** The same for tasks that reserve. */
  #roomForReserving(takers: number): number {
    return this.#roomFor(takers - this.#ports.reservations.waitingCount());
  }

  #takersFor(next: ReadyTask): number {
    const hungry = this.#ports.sharing.hungryCount();
    if (hungry > 0) return hungry;
    return isLong(next) ? this.#ports.sharing.others : 0;
  }
}

/** Tasks that a taker will probably execute while this worker executes `next`. */
function queuedWhile(next: ReadyTask): number {
  const tasks = Math.ceil(next.run.workflow.relativeLength(next.node));
  return Math.min(queuedPerWorkerMax, Math.max(queuedPerWorker, tasks));
}

/** A task that has not run here yet counts as long. */
function isLong(task: ReadyTask): boolean {
  return !(task.run.workflow.averageMs(task.node) <= longTaskMs);
}
