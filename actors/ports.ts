import type { Clock } from "./kernel/clock.js";
import type { DataFlowerError } from "./kernel/errors.js";
import type { Failure } from "./workflow/failure.js";
import type { ReadyTask, Run } from "./workflow/run.js";
import type { Scope } from "./workflow/scope.js";

/**
 * What the actors of one worker ask of the world. Every call returns at once; what ends later comes back as a message.
 */
export interface Ports {
  readonly watch: Stopwatch;
  readonly tickets: Tickets;
  readonly executor: Executor;
  readonly sharing: Sharing;
  readonly presence: Presence;
  readonly reports: Reports;
  readonly results: Results;
  readonly journal: Journal;
  readonly latency: LatencyRecorder;
  readonly inHand: InHand;
  readonly reservations: Reservations;
  /** For time-outs and for the delays between attempts. */
  readonly clock: Clock;
  /** A number from 0 up to 1: all that is left to chance. */
  readonly random: () => number;
  /** Largest size of a task's output, in bytes. */
  readonly outputBytesMax: number;
}

/** Reads the clock once at each boundary between two tasks. */
export interface Stopwatch {
  /** Time of the newest boundary, in ms. */
  readonly boundary: number;
  /** Reads the clock and makes it the newest boundary. */
  lap(): number;
}

/** Work that waits for any worker. */
export interface Tickets {
  /** Takes the next ticket: a run to be its home of with its input, a task of another worker's run, or a task of a run at home. */
  take(): { readonly run: Run; readonly input: unknown } | ReadyTask | undefined;
}

/** Where a task's body runs. */
export interface Executor {
  /**
   * Calls the handler.
   *
   * - `returned`, `threw`: it is over; `value` holds the output or what was thrown
   * - `pending`: it gave a promise; a `settled` message follows
   * - `queued`: it waits for its turn in another process. Its time begins with a `begun` message, and it ends with `settled` or `broken`,
   *   which may come without that
   */
  start(task: ReadyTask, input: unknown): "returned" | "threw" | "pending" | "queued";
  /** Of the newest `start`; read it before the next one. */
  readonly value: unknown;
  /** A pending or queued attempt is given up: its signal aborts with `reason`, and whatever it settles with later is dropped. */
  abort(task: ReadyTask, reason: DataFlowerError): void;
  /** Newest heartbeat of a pending attempt, or of the newest `start`; undefined when there was none. */
  lastHeartbeat(task: ReadyTask): Heartbeat | undefined;
}

/** A sign of life that an attempt has given. */
export interface Heartbeat {
  readonly details: unknown;
  /** When, in ms. */
  readonly at: number;
}

/** What the control thread sees of this worker even when it is stuck or dead: for the watch-dog, and for charging attempts. */
export interface InHand {
  /** The thread begins to execute this attempt; it stands there until the next one or the end of the worker's turn. */
  begin(task: ReadyTask): void;
  /** Of the attempts that wait for promises, the one that is due first, and when in ms; undefined when none is ever due. */
  waits(task: ReadyTask | undefined, dueAt: number): void;
}

/** What running attempts have taken of the cores and the memory that they share. */
export interface Reservations {
  /** False: nothing may be started at the moment, whatever it reserves. */
  readonly isOpen: boolean;
  /** Every task has to be admitted, also one whose author asked for nothing. */
  readonly reservesAll: boolean;
  /** Other workers that have a task which waits for room. */
  waitingCount(): number;
  /**
   * Takes what the task reserves; false when it does not fit beside what is taken, or is not its turn. It waits for room from then on, one
   * task of a worker at a time: this one is asked for again, at every look, until it is admitted or withdrawn.
   */
  reserve(task: ReadyTask): boolean;
  /** The worker cannot look for a while: until its task is asked for again, others need not keep room for it. It keeps its place. */
  suspend(task: ReadyTask): void;
  /** The task that waits for room does not any more. */
  withdraw(task: ReadyTask): void;
  /** Gives back what an admitted task has taken. */
  release(task: ReadyTask): void;
}

/** An attempt of a task, here or at a guest. */
export interface Attempt {
  readonly run: Run;
  readonly scope: Scope;
  readonly instance: number;
  /** From 1. */
  readonly attempt: number;
}

/** Gives work to other workers. */
export interface Sharing {
  /** Other workers of the engine. */
  readonly others: number;
  /** Runs are shared as they start, whether anybody waits for work or not. */
  readonly sharesAtStart: boolean;
  /** How many of them wait for work. Those that have a task which waits for room are among them, while they could start others. */
  hungryCount(): number;
  /** Tickets that nobody has taken yet. */
  queuedCount(): number;
  /** Moves a run's counters and outputs into shared memory; false when there is no room for them. */
  share(run: Run): boolean;
  /** Whether there is room for another ticket of this worker. */
  hasRoom(): boolean;
  /** Puts a ready task of a shared run into the ready queue, where there is room; false when the task must stay here. */
  offer(task: ReadyTask): boolean;
}

/** Tells whether a run is still wanted here, and guards the shared memory of another worker's run while it is being used. */
export interface Presence {
  /** False when a run of this worker's own has been taken away: it may be some time before a message says so. */
  isCurrent(run: Run): boolean;
  /** False when the run has ended: the task is stale and nothing of the run may be touched. */
  enter(run: Run): boolean;
  leave(run: Run): void;
}

/** What a guest tells a run's home. Room for the answer is reserved before a guest's task starts, so that no answer is ever refused. */
export interface Reports {
  /** Reserves the room of one task's answer; false when there is none at the moment. */
  reserve(home: number): boolean;
  /** Gives a reservation back, at once before the answer is sent, or when there is none to send. */
  release(home: number): void;
  hasRoomFor(home: number): boolean;
  runEnded(run: Run): void;
  /** The attempt failed; the home decides what follows. */
  taskFailed(task: ReadyTask, failure: Failure): void;
  returned(run: Run, scope: Scope, instance: number): void;
}

/**
 * Records what happens to tasks, for the time behind the death of their thread or process. Events are gathered in batches, which are
 * numbered; whatever is recorded goes with the batch whose number is returned.
 */
export interface Journal {
  /** Whether the ends of a task are recorded. @param node of the run's graph */
  records(run: Run, node: number): boolean;
  /** What depends on a task waits until its end is durable; else only the end of the run does. */
  readonly isStrict: boolean;
  /** The task has returned, and its output lies in the memory of its scope. */
  returned(attempt: Attempt): number;
  /** @param dueAt when the next one starts, in ms; NaN: there is none */
  failed(attempt: Attempt, failure: Failure, dueAt: number): number;
  /** The attempt is about to start. */
  started(attempt: Attempt): number;
  /** Whether a batch, and with it all before it, is as durable as it has to be. */
  isDurable(batch: number): boolean;
  /** Sends on what has been gathered; false when there is no room for it at the moment. */
  flush(): boolean;
}

/** What a home tells the control thread. */
export interface Results {
  /** Sends the end of a run on; false when there is no room at the moment. Encoding errors become the run's error. */
  send(run: Run, isOk: boolean, value: unknown, at: number): boolean;
  /** Makes sure that the control thread sees what was sent. */
  flush(): void;
  /** Ends the run's life in shared memory: everything still under way for it becomes stale. */
  close(run: Run): void;
  /** Lets go of a run that the control thread has taken away: nothing of it is touched here any more, and its end is not sent. */
  discard(run: Run): void;
}

export interface LatencyRecorder {
  /**
   * An attempt has ended. Times in ms.
   *
   * @param isReturned false when it threw, or took too long
   */
  task(task: ReadyTask, startedAt: number, endedAt: number, isReturned: boolean): void;
}
