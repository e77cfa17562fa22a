/** The ports of a worker that has no neighbours, in the plainest form that keeps what the ports promise. */
import type { ActorRef } from "../kernel/actor.js";
import type { ManualClock } from "../kernel/clock.js";
import type { TaskMessage } from "../messages.js";
import type { Executor, Heartbeat, Results, Stopwatch, Tickets } from "../ports.js";
import type { ReadyTask, Run } from "./run.js";

/** What handlers return to end later, as one does that returns a promise. */
export class Later {
  readonly isOk: boolean;
  readonly value: unknown;

  constructor(isOk: boolean, value: unknown) {
    this.isOk = isOk;
    this.value = value;
  }
}

/** What handlers return never to end by themselves, as one does that returns a promise which nobody settles. */
export const never = Symbol("never");

/** What handlers are told of their attempt, beside the input. */
export interface SimulatedContext {
  readonly attempt: number;
  readonly lastHeartbeat: unknown;
  heartbeat(details: unknown): void;
}

/** What happened to a task, as its executor sees it. */
export interface TaskEvent {
  readonly kind: "start" | "end" | "abort";
  readonly runId: string;
  readonly path: string;
  readonly attempt: number;
}

type SimulatedHandler = (input: unknown, context: SimulatedContext) => unknown;

export class ManualStopwatch implements Stopwatch {
  readonly #clock: ManualClock;
  boundary: number;

  constructor(clock: ManualClock) {
    this.#clock = clock;
    this.boundary = clock.nowMs();
  }

  lap(): number {
    this.boundary = this.#clock.nowMs();
    return this.boundary;
  }
}

/** Calls handlers; what comes later comes in an order of its own. Every call takes a random time, now and then a long one. */
export class SimulatedExecutor implements Executor {
  readonly events: TaskEvent[] = [];
  value: unknown = undefined;
  /** Hears of what has ended later. */
  taskActor!: ActorRef<TaskMessage>;
  /** Called before each handler. */
  onStart: (task: ReadyTask) => void = () => {};
  readonly #clock: ManualClock;
  readonly #random: () => number;
  readonly #pending: { readonly task: ReadyTask; readonly later: Later }[] = [];
  readonly #endless = new Set<ReadyTask>();
  readonly #heartbeats = new WeakMap<ReadyTask, Heartbeat>();

  constructor(clock: ManualClock, random: () => number) {
    this.#clock = clock;
    this.#random = random;
  }

  /** Attempts that wait to be settled. */
  get pendingCount(): number {
    return this.#pending.length;
  }

  /** Attempts that wait for what does not come. */
  get endlessCount(): number {
    return this.#endless.size;
  }

  start(task: ReadyTask, input: unknown): "returned" | "threw" | "pending" {
    this.onStart(task);
    this.#note("start", task);
    this.#clock.advance(this.#random() < 0.1 ? 2 : 0.01);
    const { workflow } = task.run;
    const handler = workflow.handlers[workflow.graph.handler[task.node] as number] as SimulatedHandler; // these tests' own
    try {
      this.value = handler(input, this.#contextOf(task));
    } catch (error) {
      this.value = error;
      this.#note("end", task);
      return "threw";
    }
    if (this.value === never) {
      this.#endless.add(task);
      return "pending";
    }
    if (this.value instanceof Later) {
      this.#pending.push({ task, later: this.value });
      return "pending";
    }
    this.#note("end", task);
    return "returned";
  }

  lastHeartbeat(task: ReadyTask): Heartbeat | undefined {
    return this.#heartbeats.get(task);
  }

  abort(task: ReadyTask): void {
    const at = this.#pending.findIndex((pending) => pending.task === task);
    if (at >= 0) this.#pending.splice(at, 1);
    this.#endless.delete(task);
    this.#note("abort", task);
  }

  /** Ends one of the attempts that wait. */
  settleOne(): void {
    const [settled] = this.#pending.splice(Math.floor(this.#random() * this.#pending.length), 1);
    if (settled === undefined) return;
    const { task, later } = settled;
    this.#clock.advance(0.5);
    this.#note("end", task);
    this.taskActor.tell({ kind: "settled", task, isOk: later.isOk, value: later.value, heartbeat: this.#heartbeats.get(task)?.details });
  }

  #note(kind: TaskEvent["kind"], task: ReadyTask): void {
    this.events.push({ kind, runId: task.runId, path: task.path, attempt: task.attempt });
  }

  #contextOf(task: ReadyTask): SimulatedContext {
    const heartbeat = (details: unknown) => void this.#heartbeats.set(task, { details, at: this.#clock.nowMs() });
    return { attempt: task.attempt, lastHeartbeat: task.past?.heartbeat, heartbeat };
  }
}

export class TicketList implements Tickets {
  readonly #waiting: { readonly run: Run; readonly input: unknown }[] = [];

  get count(): number {
    return this.#waiting.length;
  }

  add(run: Run, input: unknown): void {
    this.#waiting.push({ run, input });
  }

  take(): { readonly run: Run; readonly input: unknown } | undefined {
    return this.#waiting.shift();
  }
}

/** How a run ended. */
export interface RunOutcome {
  readonly runId: string;
  readonly isOk: boolean;
  /** The result, or the error. */
  readonly value: unknown;
}

/** Takes results, when there is room: now and then there is none. */
export class ResultList implements Results {
  readonly sent: RunOutcome[] = [];
  readonly closed = new Set<Run>();
  readonly discarded = new Set<Run>();
  /** Ends that have been brought here, with those that found no room. */
  endedCount = 0;
  /** Results that the control thread has been told of. */
  flushedCount = 0;
  readonly #refused = new Set<Run>();
  readonly #random: () => number;

  constructor(random: () => number) {
    this.#random = random;
  }

  send(run: Run, isOk: boolean, value: unknown): boolean {
    if (!this.#refused.has(run)) this.endedCount += 1;
    if (this.#random() < 0.2) {
      this.#refused.add(run);
      return false;
    }
    this.sent.push({ runId: run.runId, isOk, value });
    return true;
  }

  flush(): void {
    this.flushedCount = this.sent.length;
  }

  close(run: Run): void {
    this.closed.add(run);
  }

  discard(run: Run): void {
    this.discarded.add(run);
  }
}
