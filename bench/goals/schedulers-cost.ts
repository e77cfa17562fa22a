import { readFileSync } from "node:fs";
import { type CostedFunction, type FunctionPlan, type FunctionPlans, planInvocations, readPrices } from "dataflower/simulation";
import { fourWorkflows, instancesOf } from "../experiments/schedulers/four-workflows.js";

/** Deadlines are so many times as long as the longest path at full speed. */
const DEADLINE_FACTOR = 1.2;

/** What a plan for one workflow costs, beside the cheapest single memory size for all of its functions. */
export interface CostSaving {
  readonly workflow: string;
  /** Name of the prices in the sheet. */
  readonly prices: string;
  /** Longest path with a whole core for each function. */
  readonly criticalPathMs: number;
  readonly deadlineMs: number;
  readonly functions: readonly CostedFunction[];
  readonly plans: FunctionPlans;
}

/** One for each of the four workflows and each of the prices of functions, of which the sheet is `configs/prices.yaml`. Always the same. */
export function measureCostSavings(packageRoot: string): CostSaving[] {
  const file = `${packageRoot}configs/prices.yaml`;
  const sheet = readPrices(readFileSync(file, "utf8"), file);
  return fourWorkflows.flatMap((workflow) => {
    const functions = instancesOf(workflow);
    const criticalPathMs = longestPathMs(functions);
    const deadlineMs = DEADLINE_FACTOR * criticalPathMs;
    return Object.entries(sheet.functions).map(([name, prices]) => {
      const plans = planInvocations({ functions, deadlineMs, prices });
      return { workflow: workflow.name, prices: name, criticalPathMs, deadlineMs, functions, plans };
    });
  });
}

/** Of functions that each stand behind those that they wait for. */
export function longestPathMs(functions: readonly CostedFunction[]): number {
  const endsMs: number[] = [];
  for (const { ioMs, cpuMs, after } of functions) endsMs.push(Math.max(0, ...after.map((before) => endsMs[before]!)) + ioMs + cpuMs);
  return Math.max(...endsMs);
}

/** Shares of what the cheapest single memory size costs, in the order in which the plan was made. They add up to all that is saved. */
export interface SavedShares {
  readonly sizing: number;
  readonly fusing: number;
  readonly packing: number;
  readonly all: number;
}

export function savedShares({ oneSize, sized, fused, packed }: FunctionPlans): SavedShares {
  const share = (before: FunctionPlan, after: FunctionPlan): number => (before.usd - after.usd) / oneSize.usd;
  return { sizing: share(oneSize, sized), fusing: share(sized, fused), packing: share(fused, packed), all: share(oneSize, packed) };
}
