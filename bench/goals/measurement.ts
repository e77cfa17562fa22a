import type { Finding } from "./goal.js";

export interface Findings {
  readonly findings: readonly Finding[];
  readonly samples: readonly unknown[];
  /** What a reader must know besides; empty or whole lines. */
  readonly note: string;
}
