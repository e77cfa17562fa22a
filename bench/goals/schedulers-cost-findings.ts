import { type Finding, plainFinding } from "./goal.js";
import { type CostSaving, savedShares } from "./schedulers-cost.js";

const COMMAND = "npm run goals -- schedulers";
const MILLION = 1e6;

/** What plans save: one finding a workflow and prices, which is printed and not judged. */
export function costFindings(savings: readonly CostSaving[]): Finding[] {
  return savings.map(({ workflow, prices, plans }) => {
    const { sizing, fusing, packing, all } = savedShares(plans);
    const split = `sizing ${percent(sizing)}, fusing ${percent(fusing)}, packing ${percent(packing)}`;
    const cost = `$${perMillion(plans.oneSize.usd)} → $${perMillion(plans.packed.usd)} a million runs`;
    return plainFinding(
      { name: `cost of ${workflow} on ${prices}, deadline 1.2 × critical path: ${cost}, saved by ${split}`, unit: "%", command: COMMAND },
      all,
    );
  });
}

const percent = (share: number): string => `${(share * 100).toFixed(2)} %`;

const perMillion = (usd: number): string => (usd * MILLION).toFixed(2);
