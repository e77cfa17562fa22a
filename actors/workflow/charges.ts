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

/** The charges of one run, by task. */
export class Charges {
  readonly #byTask = new Map<string, Charge>();

  constructor(charges: readonly Charge[]) {
    for (const charge of charges) this.#byTask.set(charge.positions.join(), charge);
  }

  of(scope: Scope, instance: number): Charge | undefined {
    return this.#byTask.get(taskPositions(scope, instance).join());
  }
}
