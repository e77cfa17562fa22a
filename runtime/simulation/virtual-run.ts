import type { DataFlowerError } from "../../actors/kernel/errors.js";
import type { Refusable } from "../../actors/scheduling/refusable.js";
import type { Run } from "../../actors/workflow/run.js";
import type { RunOutlook } from "../engine/run-outlook.js";

/** A submitted run: what the policy of an engine orders while it waits, and who has to do with it afterwards. */
export class VirtualRun implements Refusable {
  /** As it came. No worker has it yet. */
  readonly submitted: Run;
  readonly attempt = 1;
  readonly position = 0;
  readonly cpus = 1;
  readonly memory = undefined;
  readonly inputBytes = 0;
  place = -1;
  note = Number.NaN;
  /** See RunFacts: set when it is submitted. */
  rank = 0;
  /** Why the policy cannot order it: it has broken its promises. */
  refused: DataFlowerError | undefined;
  /** The run at its home, once a worker has taken it. */
  home: Run | undefined;
  /** By worker: the run as that one executes tasks of it. */
  readonly guests = new Map<number, Run>();
  /** False from its end on: guests may not begin anything of it. */
  isOpen = true;
  readonly #outlook: RunOutlook;

  constructor(submitted: Run, outlook: RunOutlook) {
    this.submitted = submitted;
    this.#outlook = outlook;
  }

  get runId(): string {
    return `run-${this.order}`;
  }

  get task(): string {
    return this.submitted.workflow.name;
  }

  get category(): string {
    return this.submitted.workflow.name;
  }

  get order(): number {
    return this.submitted.order;
  }

  get readyAt(): number {
    return this.submittedAt;
  }

  get submittedAt(): number {
    return this.submitted.submittedAt;
  }

  get priority(): number {
    return this.submitted.priority;
  }

  get estimate(): number | undefined {
    return this.#outlook.workMs;
  }

  get deadline(): number | undefined {
    return this.submitted.deadline >= 0 ? this.submitted.deadline : undefined;
  }

  get remainingPath(): number {
    return this.#outlook.pathMs;
  }

  refuse(error: DataFlowerError): void {
    this.refused = error;
  }
}
