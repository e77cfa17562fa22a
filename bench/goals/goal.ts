import { bootstrapMedian, type Estimate, ratio } from "../harness/statistics.js";
import { rate, threeDigits } from "../report/quantities.js";

export type Verdict = "met" | "missed" | "not measured";

/** What is wanted of a figure. A figure without a limit is printed and not judged. */
export interface Goal {
  readonly name: string;
  /** At least this much of it is wanted. */
  readonly limit?: number;
  /** At most this much of it is wanted; a goal has one of the two. */
  readonly limitMax?: number;
  readonly unit: "×" | "%" | "/s" | "ms" | "µs" | "ns" | "bytes" | "MB";
  /** What measures it. */
  readonly command: string;
}

/** A goal and what was found; without an estimate it was not measured. */
export interface Finding extends Goal {
  readonly estimate?: Estimate | undefined;
}

/** The median decides; its interval is printed beside it. NaN, as of a contender that did nothing, misses. */
export function verdictOf({ limit, limitMax, estimate }: Finding): Verdict | "" {
  if (estimate === undefined) return "not measured";
  if (limit === undefined && limitMax === undefined) return "";
  const isMet = limitMax === undefined ? estimate.median >= limit! : estimate.median <= limitMax;
  return isMet ? "met" : "missed";
}

/** The cells of a finding's line: verdict, figure with its interval, limit, name, command. */
export function cellsOf(finding: Finding): string[] {
  return [verdictOf(finding), figureOf(finding), limitOf(finding), finding.name, finding.command];
}

function figureOf({ estimate, unit }: Finding): string {
  if (estimate === undefined) return "-";
  const { median, low, high } = estimate;
  const digits = DIGITS[unit];
  return low === high ? `${digits(median)} ${unit}` : `${digits(median)} ${unit} [${digits(low)}, ${digits(high)}]`;
}

function limitOf({ limit, limitMax, unit }: Goal): string {
  if (limitMax !== undefined) return `≤ ${DIGITS[unit](limitMax)} ${unit}`;
  return limit === undefined ? "" : `≥ ${DIGITS[unit](limit)} ${unit}`;
}

const DIGITS: Readonly<Record<Goal["unit"], (value: number) => string>> = {
  "×": threeDigits,
  "%": percent,
  "/s": rate,
  ms: threeDigits,
  µs: threeDigits,
  ns: threeDigits,
  bytes: threeDigits,
  MB: threeDigits,
};

/** Whole percents, as shares are counted in; deviations lie below ten, and have three digits. */
function percent(share: number): string {
  return share > 0 && share < 0.1 ? threeDigits(share * 100) : (share * 100).toFixed(0);
}

/** A finding about how many times as fast we are as another, round by round. Not measured where either has no figures. */
export function ratioFinding(goal: Goal, ours: readonly number[], theirs: readonly number[], seed: number): Finding {
  return ours.length === 0 || theirs.length === 0 ? goal : { ...goal, estimate: ratio(ours, theirs, seed) };
}

/** A finding about a figure that is compared with nothing. Not measured where there are no values. */
export function medianFinding(goal: Goal, values: readonly number[], seed: number): Finding {
  return values.length === 0 ? goal : { ...goal, estimate: bootstrapMedian(values, seed) };
}

/** A finding about a figure that was counted or picked, not estimated: it has no interval. */
export function plainFinding(goal: Goal, value: number): Finding {
  return { ...goal, estimate: { median: value, low: value, high: value } };
}
