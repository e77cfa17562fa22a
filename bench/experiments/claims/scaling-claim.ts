import { ratioWithInterval, threeDigits } from "../../report/quantities.js";
import { atLeast, type ClaimDefinition, ROUNDS_MIN } from "./claim.js";

/** What is left of linear growth at the end that still counts as near to it. */
const EFFICIENCY_MIN = 0.8;
const MOST = 1_000;

export const scalingClaim: ClaimDefinition = {
  name: "near-linear",
  statement: "throughput grows near-linearly to 1,000 concurrent workflows",
  source: "the research system that this one re-creates",
  category: "scalability",
  experiment: "concurrent_workflows",
  roundsMin: ROUNDS_MIN,
  assess({ derived }) {
    const [waiting, computing] = ["waiting", "computing"].map((kind) => derived[`${kind} dataflower efficiencyAt${MOST}`]);
    if (waiting === undefined) return undefined;
    const { median, low, high } = waiting;
    return {
      figure: `${threeDigits(median)} of linear growth at ${MOST.toLocaleString("en-US")} in flight, tasks that wait`,
      interval: `${threeDigits(low)} to ${threeDigits(high)}`,
      verdict: atLeast(waiting, EFFICIENCY_MIN),
      note: `near-linear is taken as at least ${EFFICIENCY_MIN} of linear growth. Workflows that compute are limited by the cores: ${computing === undefined ? "not measured" : ratioWithInterval(computing)}`,
    };
  },
};
