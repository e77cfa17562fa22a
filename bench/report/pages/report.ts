import type { Outcome } from "../../experiments/outcome.js";
import type { RunManifest } from "../../experiments/run-folder.js";
import type { Environment } from "../../harness/environment.js";

/** What a report is made of. */
export interface Report {
  readonly environment: Environment;
  readonly manifest: RunManifest;
  readonly outcomes: readonly Outcome[];
  readonly claims: readonly Claim[];
}

export const verdicts = ["holds", "partly", "does not hold", "needs --profile full", "not assessed"] as const;
export type Verdict = (typeof verdicts)[number];

/** Something that was claimed, and what was measured of it. */
export interface Claim {
  readonly name: string;
  readonly statement: string;
  /** Who claims it. */
  readonly source: string;
  /** What was measured, with its unit; empty where nothing was. */
  readonly figure: string;
  /** Its 95 % interval; empty where there is none. */
  readonly interval: string;
  readonly verdict: Verdict;
  /** What must be known beside it; may be empty. */
  readonly note: string;
  /** Which summaries the verdict was computed from, as paths below the folder of the run. */
  readonly summaries: readonly string[];
}
