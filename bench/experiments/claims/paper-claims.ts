import { ratioWithInterval, threeDigits } from "../../report/quantities.js";
import { atLeast, type ClaimDefinition } from "./claim.js";

const SOURCE =
  'the DataFlower paper (Li et al., ASPLOS \'24, arXiv 2304.14629), of serverless functions on a cluster; its figures are "up to"';
const TAIL_CUT = 0.354;
const PEAK_FACTOR = 3.8;
const NOTE = "on one machine: data flow against control flow on our own engine, both over a store, outputs stored before they trigger";

export const tailClaim: ClaimDefinition = {
  name: "paper-p99",
  statement: "data flow cuts P99 by up to 35.4 %",
  source: SOURCE,
  category: "comparison",
  experiment: "data_flow",
  assess({ variants }) {
    const of = (stored: string) => {
      const [data, control] = ["data", "control"].map(
        (kind) => variants.find(({ key }) => key === `${kind} flow, stored ${stored}`)?.latencies.run?.p99,
      );
      return data === undefined || control === undefined ? undefined : { cut: 1 - data / control };
    };
    const [before, after] = [of("before"), of("after")];
    if (before === undefined) return undefined;
    return {
      figure: `P99 lower by ${percent(before.cut)}`,
      interval: "",
      verdict: before.cut >= TAIL_CUT ? "holds" : before.cut > 0 ? "partly" : "does not hold",
      note: `${NOTE}${after === undefined ? "" : `; stored after: lower by ${percent(after.cut)}`}`,
    };
  },
};

export const peakClaim: ClaimDefinition = {
  name: "paper-peak-throughput",
  statement: "data flow reaches up to 3.8 × the peak throughput",
  source: SOURCE,
  category: "comparison",
  experiment: "data_flow",
  assess({ ratios }) {
    const [before, after] = ["before", "after"].map((stored) =>
      ratios.find(({ name }) => name.startsWith("peak") && name.endsWith(`stored ${stored}`)),
    );
    if (before === undefined) return undefined;
    return {
      figure: `${threeDigits(before.median)} ×`,
      interval: `${threeDigits(before.low)} to ${threeDigits(before.high)} ×`,
      verdict: atLeast(before, PEAK_FACTOR),
      note: `${NOTE}${after === undefined ? "" : `; stored after: ${ratioWithInterval(after)} ×`}`,
    };
  },
};

const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
