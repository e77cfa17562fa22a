import { ratioWithInterval, threeDigits } from "../../report/quantities.js";
import type { RatioSummary, Summary } from "../summary.js";
import { type Assessment, atLeast, type ClaimDefinition, ROUNDS_MIN } from "./claim.js";

const SOURCE =
  'the DataFlower paper (Li et al., ASPLOS \'24, arXiv 2304.14629), of serverless functions on a cluster; its figures are "up to"';
const TAIL_CUT = 0.354;
const PEAK_FACTOR = 3.8;
const NOTE =
  "on one machine, both on our own engine over a store: tasks released where their inputs are and stored behind, against a control thread that releases them when their inputs are stored";

/** The names of the ratios in the summary. */
const TAIL = "P99 of runs";
const PEAK = "peak throughput";

export const tailClaim: ClaimDefinition = {
  name: "paper-p99",
  statement: "data flow cuts P99 by up to 35.4 %",
  source: SOURCE,
  category: "comparison",
  experiment: "data_flow",
  roundsMin: ROUNDS_MIN,
  assess(summary) {
    const { whole, parts } = ratiosOf(summary, TAIL);
    // Of too few runs there is no P99 of all rounds together.
    const isMeasured = summary.variants.every(({ labels, latencies }) => labels.measure !== "latency" || latencies.run?.p99 !== undefined);
    if (whole === undefined || !isMeasured) return undefined;
    const [cut, least, most] = [whole.median, whole.high, whole.low].map((ratio) => 1 - ratio) as [number, number, number]; // as: of three
    return {
      figure: `P99 lower by ${percent(cut)}`,
      interval: `${percent(least)} to ${percent(most)}`,
      verdict: verdictOf(atLeast({ median: cut, low: least, high: most }, TAIL_CUT), cut > 0),
      note: noteOf(parts),
    };
  },
};

export const peakClaim: ClaimDefinition = {
  name: "paper-peak-throughput",
  statement: "data flow reaches up to 3.8 × the peak throughput",
  source: SOURCE,
  category: "comparison",
  experiment: "data_flow",
  roundsMin: ROUNDS_MIN,
  assess(summary) {
    const { whole, parts } = ratiosOf(summary, PEAK);
    if (whole === undefined) return undefined;
    return {
      figure: `${threeDigits(whole.median)} ×`,
      interval: `${threeDigits(whole.low)} to ${threeDigits(whole.high)} ×`,
      verdict: verdictOf(atLeast(whole, PEAK_FACTOR), whole.median > 1),
      note: noteOf(parts),
    };
  },
};

function ratiosOf({ ratios }: Summary, what: string): { whole: RatioSummary | undefined; parts: RatioSummary[] } {
  const own = ratios.filter(({ name }) => name.startsWith(`${what}: `));
  const whole = own.find(({ name }) => name === `${what}: data flow ÷ control flow`);
  return { whole, parts: own.filter((ratio) => ratio !== whole) };
}

/** Where it goes the way that is claimed, but not as far, the claim holds in part: it says "up to". */
function verdictOf(reached: Assessment["verdict"], isBetter: boolean): Assessment["verdict"] {
  return reached === "does not hold" && isBetter ? "partly" : reached;
}

const noteOf = (parts: readonly RatioSummary[]) =>
  `${NOTE}. ${parts.map((ratio) => `${ratio.name} ${ratioWithInterval(ratio)}`).join("; ")}`;
const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
