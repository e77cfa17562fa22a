import { type Estimate, ratio } from "../harness/statistics.js";
import { rate, threeDigits } from "../report/quantities.js";

export type Verdict = "met" | "missed" | "not measured";

/** What is wanted of a figure: at least this much of it. A figure without a limit is printed and not judged. */
export interface Goal {
  readonly name: string;
  readonly limit?: number;
  readonly unit: "×" | "%" | "/s";
  /** What measures it. */
  readonly command: string;
}

/** A goal and what was found; without an estimate it was not measured. */
export interface Finding extends Goal {
  readonly estimate?: Estimate | undefined;
}

/** The median decides; its interval is printed beside it. NaN, as of a contender that did nothing, misses. */
export function verdictOf({ limit, estimate }: Finding): Verdict | "" {
  if (estimate === undefined) return "not measured";
  if (limit === undefined) return "";
  return estimate.median >= limit ? "met" : "missed";
}

/** The cells of a finding's line: verdict, figure with its interval, limit, name, command. */
export function cellsOf(finding: Finding): string[] {
  const { estimate, limit, unit, name, command } = finding;
  const digits = (value: number) => DIGITS[unit](value);
  const figure = estimate === undefined ? "-" : `${digits(estimate.median)} ${unit} [${digits(estimate.low)}, ${digits(estimate.high)}]`;
  return [verdictOf(finding), figure, limit === undefined ? "" : `≥ ${digits(limit)} ${unit}`, name, command];
}

const DIGITS: Readonly<Record<Goal["unit"], (value: number) => string>> = {
  "×": threeDigits,
  "%": (share) => (share * 100).toFixed(0),
  "/s": rate,
};

/** A finding about how many times as fast we are as another, round by round. Not measured where either has no figures. */
export function ratioFinding(goal: Goal, ours: readonly number[], theirs: readonly number[], seed: number): Finding {
  return ours.length === 0 || theirs.length === 0 ? goal : { ...goal, estimate: ratio(ours, theirs, seed) };
}
