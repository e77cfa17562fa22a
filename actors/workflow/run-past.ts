import type { Failure } from "./failure.js";
import type { Scope } from "./scope.js";

/** An attempt that ended with its thread, noted by the control thread and handed to the run's next home. */
export interface Charge {
  /** Which task: see {@link taskPositions}. */
  readonly positions: readonly number[];
  /** Attempts of the task that are used up. */
  readonly attempts: number;
  readonly code: "DF_TASK_TIMEOUT" | "DF_TASK_OOM" | "DF_WORKER_LOST";
  /** Why the last one ended. */
  readonly message: string;
  /** What ended its thread, as far as that is known. Data. */
  readonly cause?: unknown;
}

/** What is known of a task from before its run had this home. Data: it is handed from thread to thread. */
export interface TaskFact {
  /** Which task: see {@link taskPositions}. */
  readonly positions: readonly number[];
  /** Attempts of the task that are used up. */
  readonly attempts: number;
  /** It has returned, and is not executed again. */
  readonly hasReturned: boolean;
  /** Its encoded output; undefined where nobody reads it. */
  readonly output?: Uint8Array | undefined;
  /** The encoded failure of its newest attempt. */
  readonly failure?: Uint8Array | undefined;
  /** When its next attempt may start, in ms; 0: at once. */
  readonly dueAt: number;
  /** The newest attempt that was about to start, where that was noted beforehand; 0: none. */
  readonly started: number;
  /** Its newest attempt ended with its thread. */
  readonly charge?: Charge | undefined;
  /** Times that the process died while an attempt was noted as started. */
  readonly deaths: number;
  /** These are too many: it is not executed again. */
  readonly isParked: boolean;
}

/** The most numbers that name a task: what maps may be nested is limited by it. */
export const taskPositionsMax = 10;

/**
 * Names a task in any execution of its run: its instance, then the instances of the expands that opened the scopes around it,
 * innermost first. One number for a task outside of maps.
 */
export function taskPositions(scope: Scope, instance: number): number[] {
  const positions = [instance];
  for (let inner = scope; inner.parent !== undefined; inner = inner.parent) positions.push(inner.at);
  return positions;
}

/** How encoded parts of facts are read. */
export interface FactCodec {
  value(bytes: Uint8Array): unknown;
  failure(bytes: Uint8Array): Failure;
}

/** What is known of the tasks of one run from before it had this home. */
export class RunPast {
  readonly #byTask = new Map<string, TaskFact>();
  readonly codec: FactCodec;

  constructor(facts: readonly TaskFact[], codec: FactCodec) {
    for (const fact of facts) this.#byTask.set(fact.positions.join(), fact);
    this.codec = codec;
  }

  of(scope: Scope, instance: number): TaskFact | undefined {
    return this.#byTask.get(taskPositions(scope, instance).join());
  }
}
