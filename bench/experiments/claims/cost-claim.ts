import { median } from "../../harness/statistics.js";
import type { ClaimDefinition } from "./claim.js";

const SAVED_MIN = 0.4;

export const costClaim: ClaimDefinition = {
  name: "lower-cost",
  statement: "40 % lower cost",
  source: "the research system that this one re-creates",
  category: "comparison",
  experiment: "cost",
  assess({ variants }) {
    const of = (metric: string) => variants.flatMap(({ metrics }) => metrics[metric]?.median ?? []);
    const [saved, ofWholeCore] = [of("savedShare"), of("savedShareOfWholeCore")];
    if (saved.length === 0) return undefined;
    const reaches = saved.filter((share) => share >= SAVED_MIN).length;
    return {
      figure: `${percent(median(saved))} saved, median of ${saved.length} plans`,
      interval: "",
      verdict: saved.every((share) => share >= SAVED_MIN) ? "holds" : reaches > 0 ? "partly" : "does not hold",
      note: `from ${percent(Math.min(...saved))} to ${percent(Math.max(...saved))}, held against the cheapest single memory size that keeps the same deadline; against a whole core for each function ${percent(median(ofWholeCore))} [${percent(Math.min(...ofWholeCore))}, ${percent(Math.max(...ofWholeCore))}]; planned with listed prices, nothing was rented`,
    };
  },
};

const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
