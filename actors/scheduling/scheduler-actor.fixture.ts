/** What the tests of the scheduler actor have in common. */
import { noReservations } from "../lone-ports.js";
import type { TaskMessage } from "../messages.js";
import type { Ports, Reservations, Sharing } from "../ports.js";
import { ReadyTask, type Run } from "../workflow/run.js";
import { RunReadySet } from "./run-ready-set.js";
import { SchedulerActor } from "./scheduler-actor.js";

/** Neighbours: how many there are and how many are hungry, and the queue between. */
export class Neighbours implements Sharing {
  readonly others: number;
  readonly sharesAtStart = false;
  hungry = 0;
  /** Offers that the queue still takes. */
  room = Number.POSITIVE_INFINITY;
  hasMemory = true;
  readonly queue: ReadyTask[] = [];
  shareCount = 0;

  constructor(others: number) {
    this.others = others;
  }

  hungryCount(): number {
    return this.hungry;
  }

  queuedCount(): number {
    return this.queue.length;
  }

  share(run: Run): boolean {
    this.shareCount += 1;
    run.isShared = this.hasMemory;
    return this.hasMemory;
  }

  hasRoom(): boolean {
    return this.room > 0;
  }

  offer(task: ReadyTask): boolean {
    if (task.isPinned) return false;
    this.room -= 1;
    this.queue.push(task);
    return true;
  }
}

export interface Ticket {
  readonly run: Run;
  readonly input: unknown;
}

/** A scheduler actor with all that it decides in plain view. */
export function schedulerWith(sharing: Neighbours, concurrency = 4, reservations: Reservations = noReservations) {
  const tickets: (Ticket | ReadyTask)[] = [];
  const started: ReadyTask[] = [];
  const taken: Run[] = [];
  const reports = { hasRoom: true };
  const ports = {
    watch: { boundary: 0, lap: () => 0 },
    tickets: { take: () => tickets.shift() },
    sharing,
    reports: { hasRoomFor: () => reports.hasRoom },
    reservations,
  } as unknown as Ports; // the scheduler uses no other port
  const actor = new SchedulerActor({
    ports,
    ready: new RunReadySet(),
    concurrency,
    taskActor: { tell: (message: TaskMessage) => started.push(message as ReadyTask) > 0 },
    startRun: (run) => void taken.push(run),
  });
  return { actor, started, taken, tickets, reports };
}

export function tasksOf(run: Run, count: number): ReadyTask[] {
  return Array.from({ length: count }, () => new ReadyTask(run, run.root, 1, 1, 0));
}

/** Tasks as the message lists them. */
export function linked(tasks: readonly ReadyTask[]): ReadyTask | undefined {
  tasks.forEach((task, at) => {
    task.next = tasks[at + 1];
  });
  return tasks[0];
}
