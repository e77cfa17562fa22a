/** One thing whose cost is measured alone. */
export interface Operation {
  /** What is done once: `value: copy of a small object`. */
  readonly name: string;
  /** How often `run` does it: reading the clock costs more than most of them do. */
  readonly calls: number;
  run(): void;
  /** Throws unless what `run` did last is right: a wrong operation has no cost. */
  check(): void;
}

/** How often an operation of nanoseconds is repeated. */
export const MANY_CALLS = 1_000;

/** Throws, naming the rule, unless it holds. */
export function mustHold(holds: boolean, rule: string): void {
  if (!holds) throw new Error(`Cannot count this as ${rule}`);
}
