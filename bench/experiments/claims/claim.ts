import type { Estimate } from "../../harness/statistics.js";
import type { Claim, Verdict } from "../../report/pages/report.js";
import type { Summary } from "../summary.js";

/** Something that somebody has claimed, and how it is judged by what was measured. */
export interface ClaimDefinition {
  readonly name: string;
  readonly statement: string;
  /** Who claims it. */
  readonly source: string;
  /** The experiment whose summary decides. */
  readonly category: string;
  readonly experiment: string;
  /** Rounds of the full profile that its intervals take. @defaultValue none, where intervals are not over rounds */
  readonly roundsMin?: number;
  /** Judges a summary that is there; undefined where it lacks what it takes, as the quick profile does. */
  assess(summary: Summary): Assessment | undefined;
}

export interface Assessment {
  /** What was measured, with its unit. */
  readonly figure: string;
  /** Its 95 % interval; empty where there is none. */
  readonly interval: string;
  readonly verdict: Extract<Verdict, "holds" | "partly" | "does not hold">;
  /** What must be known beside it. */
  readonly note: string;
}

/** Judges a claim by the summaries of one run. Nothing but them decides. */
export function assessed({ assess, category, experiment, roundsMin = 0, ...claim }: ClaimDefinition, summaries: readonly Summary[]): Claim {
  const { name, statement, source } = claim;
  const base = { name, statement, source, summaries: [`${category}/${experiment}/summary.json`] };
  const summary = summaries.find((one) => one.category === category && one.experiment === experiment);
  const rounds = summary === undefined ? 0 : measuredRounds(summary);
  const isQuick = summary?.profile === "quick"; // nothing is warm by then
  const isJudged = roundsMin === 0 || (rounds >= roundsMin && !isQuick);
  const assessment = summary && isJudged ? assess(summary) : undefined;
  if (assessment !== undefined) return { ...base, ...assessment };
  const takes =
    rounds < roundsMin ? `it takes ${roundsMin} rounds: ${rounds} were measured` : "the run lacks what decides, or did not keep up";
  const lacks = isQuick ? "the quick profile measures too little of it" : takes;
  const note = summary === undefined ? `${category}/${experiment} was not measured in this run` : lacks;
  return { ...base, figure: "", interval: "", verdict: isQuick ? "needs --profile full" : "not assessed", note };
}

/** Rounds of the variant that was measured least often; one that was never measured, as it is absent, does not count. */
function measuredRounds({ variants }: Summary): number {
  return Math.min(...variants.flatMap(({ n }) => (n > 0 ? [n] : [])));
}

/** With fewer, an interval over rounds holds little of what it says. */
export const ROUNDS_MIN = 3;

/** Whether a quantity of which more is better reaches what is claimed: all of its interval, its median, or neither. */
export function atLeast({ median, low }: Estimate, limit: number): Assessment["verdict"] {
  return low >= limit ? "holds" : median >= limit ? "partly" : "does not hold";
}

/** Of several that must all hold. */
export function together(verdicts: readonly Assessment["verdict"][]): Assessment["verdict"] {
  if (verdicts.every((verdict) => verdict === "holds")) return "holds";
  return verdicts.every((verdict) => verdict === "does not hold") ? "does not hold" : "partly";
}
