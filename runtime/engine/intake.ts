import { DataFlowerError } from "../../actors/kernel/errors.js";
import { keepingRanks } from "../../actors/scheduling/keeping-ranks.js";
import { createReadyPolicy } from "../../actors/scheduling/ready-policy.js";
import type { Refusable } from "../../actors/scheduling/refusable.js";
import { Learners, type Policy, type PolicyDefinition } from "../../schedulers/index.js";
import { systemRandom } from "../observe/system-random.js";
import type { RunRecord } from "./run.js";
import type { RunOutlook } from "./run-outlook.js";

/** A run as the engine's scheduler sees it while it waits. */
class WaitingRun implements Refusable {
  readonly record: RunRecord;
  readonly #outlook: RunOutlook;
  readonly attempt = 1;
  readonly position = 0;
  readonly cpus = 1;
  readonly memory = undefined;
  place = -1;
  note = Number.NaN;

  constructor(record: RunRecord, outlook: RunOutlook) {
    this.record = record;
    this.#outlook = outlook;
  }

  get order(): number {
    return this.record.order;
  }

  get estimate(): number | undefined {
    return this.#outlook.workMs;
  }

  get remainingPath(): number {
    return this.#outlook.pathMs;
  }

  get inputBytes(): number {
    return this.record.input.length;
  }

  get runId(): string {
    return this.record.id;
  }

  get task(): string {
    return this.record.workflow;
  }

  get category(): string {
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

  refuse({ code, message, cause }: DataFlowerError): void {
    const details = { runId: this.runId };
    this.record.refused = new DataFlowerError(code, message, cause === undefined ? details : { ...details, cause });
  }
}

/**
 * Accepted runs that wait for a worker, in the order of the engine's scheduler. Bounded. Runs that a broken scheduler held come out as
 * `refused`, each to be ended with that.
 */
export class Intake {
  readonly #policy: Policy<WaitingRun>;
  readonly #runsMax: number;
  readonly #outlookOf: (record: RunRecord) => RunOutlook;
  /** Runs that had a worker once, oldest first: they go before all others. */
  readonly #returned: RunRecord[] = [];
  readonly #learners = new Learners();

  constructor(scheduler: PolicyDefinition, runsMax: number, outlookOf: (record: RunRecord) => RunOutlook) {
    this.#policy = createReadyPolicy<WaitingRun>(
      keepingRanks<WaitingRun>(scheduler, ({ record }, rank) => {
        record.rank = rank;
      }),
      { random: systemRandom, learners: this.#learners },
    );
    this.#runsMax = runsMax;
    this.#outlookOf = outlookOf;
  }

  get size(): number {
    return this.#policy.size + this.#returned.length;
  }

  /** @param coming runs that will be added @throws DF_QUEUE_FULL */
  requireRoom(coming: number): void {
    if (this.size + coming < this.#runsMax) return;
    throw new DataFlowerError("DF_QUEUE_FULL", `Cannot accept another run as limits.intakeMax is ${this.#runsMax}: that many wait already`);
  }

  add(record: RunRecord, now: number): void {
    const waiting = new WaitingRun(record, this.#outlookOf(record));
    record.waiting = waiting;
    this.#policy.insert(waiting, now);
  }

  take(now: number): RunRecord | undefined {
    const record = this.#returned.shift() ?? this.#policy.take(now)?.record;
    if (record !== undefined && this.#policy.observe === undefined) record.waiting = undefined;
    return record;
  }

  /** A run that was taken has completed: the scheduler may learn from it. @param workMs of all its tasks */
  completed(record: RunRecord, workMs: number): void {
    const { waiting } = record;
    if (!(waiting instanceof WaitingRun)) return;
    record.waiting = undefined;
    this.#policy.observe?.(waiting, { serviceMs: workMs, isOk: true });
  }

  /** What the scheduler of runs has learnt, and may learn. */
  get learners(): Learners {
    return this.#learners;
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
