import { DataFlowerError } from "../../actors/kernel/errors.js";
import type { TimerEntry } from "../../actors/kernel/timer-wheel.js";
import type { Charge, TaskFact } from "../../actors/workflow/run-past.js";
import type { Schedulable } from "../../schedulers/index.js";
import { refuseOption } from "../authoring/option-checks.js";
import type { TaskRecord } from "../observe/task-record.js";

/** Where a run stands. `accepted`: it waits for a worker or is under way there. */
export type RunStatus = "accepted" | "completed" | "failed" | "cancelled";

/**
 * What a run took, from the last time that a worker took it. Times in ms. Of a run that was ended from outside, as it was cancelled, over
 * its time or lost, nothing is known: no tasks, and times of 0.
 */
export interface RunSummary {
  readonly runId: string;
  readonly workflow: string;
  readonly status: RunStatus;
  /** Attempts executed, in all and by worker. */
  readonly tasks: number;
  readonly tasksByWorker: readonly number[];
  /** Time spent in handlers, in all and by worker. */
  readonly workMs: number;
  readonly workMsByWorker: readonly number[];
  /** From the moment a worker took the run to its end. */
  readonly makespanMs: number;
  /** From submission to the moment a worker took it. */
  readonly waitMs: number;
  /** It ended later than its `deadline`. */
  readonly missedDeadline: boolean;
}

/** One execution of a workflow. */
export interface Run<out Out> {
  readonly id: string;
  status(): Promise<RunStatus>;
  /** The output. Rejects with the error that ended the run. */
  result(): Promise<Out>;
  /** What the run took; when it has ended, however it did. */
  summary(): Promise<RunSummary>;
  /**
   * Every attempt that was executed, in the order of their starts, from the last time that a worker took the run; when it has ended,
   * however it did. Attempts that were given up as the run was over are not among them.
   *
   * The workers hold the records, each of them the newest 1,000,000, and a thread that ends takes its own along. Of a run that was ended
   * from outside nobody knows how many there were: what is left of them is given.
   *
   * @throws DF_OPTION_INVALID when the engine was not started with `record: true`, DF_RESULT_TOO_LARGE when records were dropped as there
   *   were too many, DF_WORKER_LOST when a thread took some along, DF_CALL_TIMEOUT when a task holds a worker, DF_ENGINE_CLOSED
   */
  tasks(): Promise<readonly TaskRecord[]>;
  /**
   * Cancels the run: it ends at once with DF_CANCELLED, tasks that wait are never started, attempts under way are aborted, and a thread
   * that one of them still holds after `limits.cancelGrace` is replaced. A run that has ended stays as it is. Resolves when that is durable.
   *
   * @param reason goes into the message of the error
   */
  cancel(reason?: string): Promise<void>;
}

/** What a run took, as its home measured it. */
export interface RunWork {
  readonly startedAt: number;
  readonly endedAt: number;
  readonly tasks: readonly number[];
  readonly workUs: readonly number[];
  /** Encoded result or error. */
  readonly bodyBytes: number;
}

/** How long a run took, as the store knows it. */
export interface RunTimes {
  readonly waitMs: number;
  readonly makespanMs: number;
}

/** What the engine knows of a run. Promises are made for those who ask: a run that nobody awaits costs none, and rejects nowhere. */
export class RunRecord implements Run<unknown> {
  readonly workflow: string;
  readonly workflowId: number;
  readonly order: number;
  readonly submittedAt: number;
  readonly priority: number;
  readonly deadline: number;
  /** The encoded input: it goes to the worker, and tells whether the same id came with the same input. */
  readonly input: Uint8Array;
  /** Given by the caller; undefined: named by its order. */
  readonly ownId: string | undefined;
  readonly #idPrefix: string;
  readonly #cancel: (record: RunRecord, reason: string) => void;
  readonly #listTasks: (record: RunRecord) => Promise<readonly TaskRecord[]>;
  /** See RunFacts: by the engine's scheduler, once it has been submitted. */
  rank = 0;
  /** The engine's scheduler broke its contract while it held the run: it does not start, and ends with this. */
  refused: DataFlowerError | undefined = undefined;
  /** Where the run lives in shared memory; -1: nowhere. */
  slot = -1;
  epoch = 0;
  /** Homes that the run has been given. */
  fence = 0;
  /** Attempts that ended with their threads. */
  charges: Charge[] | undefined = undefined;
  /** What is known of its tasks from before, until a worker is told. */
  facts: readonly TaskFact[] | undefined = undefined;
  /** Its end has been decided, and is not durable yet: nothing of it is to go on. */
  isEnding = false;
  /** A task of it was in progress when the process died: it may be why. */
  wasInProgress = false;
  /** Set until its acceptance is durable. */
  accepted: Promise<RunRecord> | undefined = undefined;
  /** Threads that have ended while they had to do with the run and no task could be blamed. */
  crashes = 0;
  /** Its place in the book, while it is under way and has no id of its own. */
  bookPlace = -1;
  /** While it waits: its place in the intake. Until it ends, where the engine's scheduler learns from runs. */
  waiting: Schedulable | undefined = undefined;
  /** Its time-out, if it has one. */
  timer: TimerEntry<RunRecord> | undefined = undefined;
  #status: RunStatus = "accepted";
  #value: unknown = undefined;
  #startedAt = 0;
  #endedAt = 0;
  #settledAt = 0;
  #resultBytes = 0;
  #tasks: readonly number[] = noWork;
  #workUs: readonly number[] = noWork;
  /** Told of the end: nobody, one, or several. Most runs have exactly one, who pays for no list. */
  #listeners: (() => void) | (() => void)[] | undefined = undefined;

  constructor(facts: RunRecordFacts) {
    this.ownId = facts.ownId;
    this.#idPrefix = facts.idPrefix;
    this.workflow = facts.workflow;
    this.workflowId = facts.workflowId;
    this.order = facts.order;
    this.submittedAt = facts.submittedAt;
    this.priority = facts.priority;
    this.deadline = facts.deadline;
    this.input = facts.input;
    this.#cancel = facts.cancel;
    this.#listTasks = facts.listTasks;
  }

  get id(): string {
    return this.ownId ?? `${this.#idPrefix}${this.order}`;
  }

  /** It may be why threads or processes end. */
  get isSuspect(): boolean {
    return this.crashes > 0 || this.wasInProgress;
  }

  /** Encoded input and result. */
  get bytes(): number {
    return this.input.length + this.#resultBytes;
  }

  get isEnded(): boolean {
    return this.#status !== "accepted";
  }

  get isCompleted(): boolean {
    return this.#status === "completed";
  }

  get isCancelled(): boolean {
    return this.#status === "cancelled";
  }

  /** The output, or the error that ended the run; undefined before its end. */
  get value(): unknown {
    return this.#value;
  }

  /** Attempts executed, by worker; empty where nothing is known of them. */
  get tasksByWorker(): readonly number[] {
    return this.#tasks;
  }

  status(): Promise<RunStatus> {
    return Promise.resolve(this.#status);
  }

  result(): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.whenEnded(() => {
        if (this.isCompleted) resolve(this.#value);
        else reject(this.#value);
      });
    });
  }

  summary(): Promise<RunSummary> {
    return new Promise((resolve) => this.whenEnded(() => resolve(this.#summarise())));
  }

  tasks(): Promise<readonly TaskRecord[]> {
    return this.#listTasks(this);
  }

  cancel(reason = "it was cancelled"): Promise<void> {
    this.#cancel(this, requireReason(reason));
    return new Promise((resolve) => this.whenEnded(resolve));
  }

  /** Takes the end of a run from what the store knows of it. */
  restore(
    status: "completed" | "failed" | "cancelled",
    value: unknown,
    work: Omit<RunWork, "startedAt" | "endedAt">,
    times: RunTimes,
  ): void {
    this.end(status, value, this.submittedAt, {
      ...work,
      startedAt: this.submittedAt + times.waitMs,
      endedAt: this.submittedAt + times.waitMs + times.makespanMs,
    });
  }

  /** Settles the run; the first end counts. */
  end(status: "completed" | "failed" | "cancelled", value: unknown, at: number, work?: RunWork): void {
    if (this.isEnded) return;
    this.#status = status;
    this.#value = value;
    this.#settledAt = at;
    if (work !== undefined) {
      this.#startedAt = work.startedAt;
      this.#endedAt = work.endedAt;
      this.#tasks = work.tasks;
      this.#workUs = work.workUs;
      this.#resultBytes = work.bodyBytes;
    }
    const told = this.#listeners;
    this.#listeners = undefined;
    if (typeof told === "function") told();
    else if (told !== undefined) for (const one of told) one();
  }

  /** Calls `tell` once the run has ended: at once, when it has already. */
  whenEnded(tell: () => void): void {
    if (this.isEnded) tell();
    else if (this.#listeners === undefined) this.#listeners = tell;
    else if (typeof this.#listeners === "function") this.#listeners = [this.#listeners, tell];
    else this.#listeners.push(tell);
  }

  #summarise(): RunSummary {
    const workMsByWorker = this.#workUs.map((us) => us / 1000);
    return {
      runId: this.id,
      workflow: this.workflow,
      status: this.#status,
      tasks: sum(this.#tasks),
      tasksByWorker: this.#tasks,
      workMs: sum(workMsByWorker),
      workMsByWorker,
      makespanMs: Math.max(0, this.#endedAt - this.#startedAt), // a run without tasks ends as of its submission
      waitMs: this.#startedAt === 0 ? 0 : this.#startedAt - this.submittedAt,
      missedDeadline: this.#settledAt > this.deadline, // NaN, no deadline, compares with nothing
    };
  }
}

export type RunRecordFacts = Pick<
  RunRecord,
  "ownId" | "workflow" | "workflowId" | "order" | "submittedAt" | "priority" | "deadline" | "input"
> & {
  /** Precedes the order in the id of a run that has none of its own. */
  readonly idPrefix: string;
  /** Cancels a run that has not ended. */
  readonly cancel: (record: RunRecord, reason: string) => void;
  /** See Run.tasks(). */
  readonly listTasks: (record: RunRecord) => Promise<readonly TaskRecord[]>;
};

const noWork: readonly number[] = [];

const sum = (list: readonly number[]): number => list.reduce((total, one) => total + one, 0);

function requireReason(reason: unknown): string {
  return typeof reason === "string" ? reason.slice(0, 500) : refuseOption("cancel.reason", "a text", reason);
}

/** The error of a run that is cancelled, or that its engine gives up. */
export function cancelled(runId: string, why: string): DataFlowerError {
  return new DataFlowerError("DF_CANCELLED", `Cannot finish run ${runId} as ${why}`, { runId });
}
