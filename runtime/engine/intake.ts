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
  /** Taken from the policy and put back: the next one to go. */
  #held: RunRecord | undefined;

  constructor(scheduler: string, runsMax: number) {
    this.#policy = createPolicy<WaitingRun>(scheduler) as Policy<WaitingRun>; // the name was checked with the options
    this.#runsMax = runsMax;
  }

  get size(): number {
    return this.#policy.size + (this.#held === undefined ? 0 : 1);
  }

  /** @throws DF_QUEUE_FULL */
  requireRoom(): void {
    if (this.size < this.#runsMax) return;
    throw new DataFlowerError("DF_QUEUE_FULL", `Cannot accept another run as limits.intakeMax is ${this.#runsMax}: that many wait already`);
  }

  add(record: RunRecord, now: number): void {
    this.#policy.insert(new WaitingRun(record), now);
  }

  take(now: number): RunRecord | undefined {
    const held = this.#held;
    this.#held = undefined;
    return held ?? this.#policy.take(now)?.record;
  }

  /** Puts back what `take` has just given: it goes first next time. */
  putBack(record: RunRecord): void {
    this.#held = record;
  }
}
