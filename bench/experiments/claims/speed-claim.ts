import { ratioWithInterval, threeDigits } from "../../report/quantities.js";
import { atLeast, type ClaimDefinition, ROUNDS_MIN, together } from "./claim.js";

const FACTOR_MIN = 3;
const FACTOR_CLAIMED = 5;
/** The simple executors of task graphs, by how their comparisons begin. */
const SIMPLE = ["DataFlower ÷ async.auto", "DataFlower ÷ p-graph"];

export const speedClaim: ClaimDefinition = {
  name: "simple-dag-executors",
  statement: "3 to 5 × as fast as simple DAG executors",
  source: "the research system that this one re-creates",
  category: "comparison",
  experiment: "real_systems",
  roundsMin: ROUNDS_MIN,
  assess(summary) {
    const found = summary.ratios.filter(({ name }) => SIMPLE.some((start) => name.startsWith(start)));
    const [least] = [...found].sort((a, b) => a.median - b.median);
    if (least === undefined) return undefined;
    return {
      figure: `${threeDigits(least.median)} ×, the least of ${found.length} comparisons (${least.name})`,
      interval: `${threeDigits(least.low)} to ${threeDigits(least.high)} ×`,
      verdict: together(found.map((ratio) => atLeast(ratio, FACTOR_MIN))),
      note: `at least ${FACTOR_MIN} × counts, more than ${FACTOR_CLAIMED} × too; ${found.map((ratio) => `${ratio.name}: ${ratioWithInterval(ratio)}`).join("; ")}`,
    };
  },
};
