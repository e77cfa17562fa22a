import { DataFlowerError } from "../../actors/kernel/errors.js";

/** Where a run stands. `accepted`: it waits for a worker or is under way there. */
export type RunStatus = "accepted" | "completed" | "failed";

/** What a finished run took. Times in ms. */
export interface RunSummary {
  readonly runId: string;
  readonly workflow: string;
  readonly status: RunStatus;
  /** Tasks executed, in all and by worker. */
  readonly tasks: number;
  readonly tasksByWorker: readonly number[];
  /** Time spent in handlers, in all and by worker. */
  readonly workMs: number;
  readonly workMsByWorker: readonly number[];
  /** From the moment a worker took the run to its end. */
  readonly makespanMs: number;
  /** From submission to the moment a worker took it. */
  readonly waitMs: number;
}

/** One execution of a workflow. */
export interface Run<out Out> {
  readonly id: string;
  status(): Promise<RunStatus>;
  /** The output. Rejects with the error that ended the run. */
  result(): Promise<Out>;
  /** What the run took; when it has ended, however it did. */
  summary(): Promise<RunSummary>;
}

/** What the engine knows of a run. Promises are made for those who ask: a run that nobody awaits costs none, and rejects nowhere. */
export class RunRecord implements Run<unknown> {
  readonly id: string;
  readonly workflow: string;
  readonly workflowId: number;
  readonly order: number;
  readonly submittedAt: number;
  readonly priority: number;
  readonly deadline: number;
  /** The encoded input: it goes to the worker, and tells whether the same id came with the same input. */
  readonly input: Uint8Array;
  readonly hasOwnId: boolean;
  epoch = 0;
  #status: RunStatus = "accepted";
  #value: unknown;
  #summary: RunSummary | undefined;
  #settle: ((record: RunRecord) => void)[] | undefined;

  constructor(
    facts: Pick<RunRecord, "id" | "workflow" | "workflowId" | "order" | "submittedAt" | "priority" | "deadline" | "input" | "hasOwnId">,
  ) {
    this.id = facts.id;
    this.workflow = facts.workflow;
    this.workflowId = facts.workflowId;
    this.order = facts.order;
    this.submittedAt = facts.submittedAt;
    this.priority = facts.priority;
    this.deadline = facts.deadline;
    this.input = facts.input;
    this.hasOwnId = facts.hasOwnId;
  }

  get isEnded(): boolean {
    return this.#status !== "accepted";
  }

  status(): Promise<RunStatus> {
    return Promise.resolve(this.#status);
  }

  result(): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#whenEnded(() => {
        if (this.#status === "completed") resolve(this.#value);
        else reject(this.#value);
      });
    });
  }

  summary(): Promise<RunSummary> {
    return new Promise((resolve) => this.#whenEnded(() => resolve(this.#summary as RunSummary))); // set by end()
  }

  /** Settles the run; the first end counts. */
  end(isOk: boolean, value: unknown, work?: Pick<RunSummary, "tasksByWorker" | "workMsByWorker" | "makespanMs" | "waitMs">): void {
    if (this.isEnded) return;
    this.#status = isOk ? "completed" : "failed";
    this.#value = value;
    this.#summary = summaryOf(this.id, this.workflow, this.#status, work);
    const settle = this.#settle;
    this.#settle = undefined;
    if (settle !== undefined) for (const one of settle) one(this);
  }

  #whenEnded(settle: () => void): void {
    if (this.isEnded) settle();
    else if (this.#settle === undefined) this.#settle = [settle];
    else this.#settle.push(settle);
  }
}

function summaryOf(
  runId: string,
  workflow: string,
  status: RunStatus,
  work: Pick<RunSummary, "tasksByWorker" | "workMsByWorker" | "makespanMs" | "waitMs"> | undefined,
): RunSummary {
  const sum = (list: readonly number[]) => list.reduce((total, one) => total + one, 0);
  const tasksByWorker = work?.tasksByWorker ?? [];
  const workMsByWorker = work?.workMsByWorker ?? [];
  const { makespanMs = 0, waitMs = 0 } = work ?? {};
  return {
    runId,
    workflow,
    status,
    tasks: sum(tasksByWorker),
    tasksByWorker,
    workMs: sum(workMsByWorker),
    workMsByWorker,
    makespanMs,
    waitMs,
  };
}

/** The error of a run that its engine gives up. */
export function cancelled(runId: string, why: string): DataFlowerError {
  return new DataFlowerError("DF_CANCELLED", `Cannot finish run ${runId} as ${why}`, { runId });
}
