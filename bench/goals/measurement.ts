import type { Finding } from "./goal.js";

/** How the goals of an area are measured. */
export interface GoalOptions {
  readonly rounds: number;
  readonly seed: number;
  readonly cores: number;
  readonly packageRoot: string;
  /** Short windows: to see that everything works, not what it can do. */
  readonly isQuick: boolean;
}

export interface Findings {
  readonly findings: readonly Finding[];
  readonly samples: readonly unknown[];
  /** What a reader must know besides; empty or whole lines. */
  readonly note: string;
}
