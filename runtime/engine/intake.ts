import { DataFlowerError } from "../../actors/kernel/errors.js";
import { createPolicy, type Policy, type TaskFacts } from "../../schedulers/index.js";
import type { RunRecord } from "./run.js";

/** A run as the engine's scheduler sees it while it waits. */
class WaitingRun implements TaskFacts {
  readonly record: RunRecord;
  readonly attempt = 1;
  readonly estimate = undefined;

  constructor(record: RunRecord) {
    this.record = record;
  }

  get runId(): string {
    return this.record.id;
  }

  get task(): string {
    return this.record.workflow;
  }

  get readyAt(): number {
    return this.record.submittedAt;
  }

  get submittedAt(): number {
    return this.record.submittedAt;
  }

  get priority(): number {
    return this.record.priority;
  }

  get deadline(): number | undefined {
    return this.record.deadline >= 0 ? this.record.deadline : undefined;
  }
}

/** Accepted runs that wait for a worker, in the order of the engine's scheduler. Bounded. */
export class Intake {
  readonly #policy: Policy<WaitingRun>;
  readonly #runsMax: number;
  /** Runs that had a worker once, oldest first: they go before all others. */
  readonly #returned: RunRecord[] = [];

  constructor(scheduler: string, runsMax: number) {
    this.#policy = createPolicy<WaitingRun>(scheduler) as Policy<WaitingRun>; // the name was checked with the options
    this.#runsMax = runsMax;
  }

  get size(): number {
    return this.#policy.size + this.#returned.length;
  }

  /** @throws DF_QUEUE_FULL */
  requireRoom(): void {
    if (this.size < this.#runsMax) return;
    throw new DataFlowerError("DF_QUEUE_FULL", `Cannot accept another run as limits.intakeMax is ${this.#runsMax}: that many wait already`);
  }

  add(record: RunRecord, now: number): void {
    const waiting = new WaitingRun(record);
    record.waiting = waiting;
    this.#policy.insert(waiting, now);
  }

  take(now: number): RunRecord | undefined {
    const record = this.#returned.shift() ?? this.#policy.take(now)?.record;
    if (record !== undefined) record.waiting = undefined;
    return record;
  }

  /** Takes in a run again that was taken before: it goes before those that were not. */
  putBack(record: RunRecord): void {
    let at = this.#returned.length;
    while (at > 0 && (this.#returned[at - 1] as RunRecord).order > record.order) at--;
    this.#returned.splice(at, 0, record);
  }

  /** Takes a run out that is no longer wanted. */
  remove(record: RunRecord): void {
    const at = this.#returned.indexOf(record);
    if (at >= 0) this.#returned.splice(at, 1);
    else if (record.waiting instanceof WaitingRun) this.#policy.remove(record.waiting);
    record.waiting = undefined;
  }
}
