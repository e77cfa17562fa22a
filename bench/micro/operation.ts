/** One thing whose cost is measured alone. */
export interface Operation {
  /** What is done once: `copy: small object kept`. */
  readonly name: string;
  /** How often `run` does it: reading the clock costs more than most of them do. */
  readonly calls: number;
  run(): void;
  /** Throws unless what `run` did last is right, and when it did nothing: a wrong operation has no cost. Nothing is run after it. */
  check(): void;
}

export interface OperationOptions {
  /** Fewest ready tasks that a policy is given. @defaultValue 1 */
  readonly readyTasksMin?: number;
  /** Most ready tasks that a policy is given. */
  readonly readyTasksMax: number;
}

/** How often an operation of nanoseconds is repeated. */
export const MANY_CALLS = 1_000;

/** 0 + 1 + … + (count - 1). */
export const sumBelow = (count: number): number => (count * (count - 1)) / 2;

/** Throws, naming the rule, unless it holds. */
export function mustHold(holds: boolean, rule: string): void {
  if (!holds) throw new Error(`Cannot count this as ${rule}`);
}
