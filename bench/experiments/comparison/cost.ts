import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { DataFlowerError } from "dataflower";
import { type FunctionPlans, type FunctionPrices, planInvocations, readPrices } from "dataflower/simulation";
import { z } from "zod";
import { longestPathMs, savedShares } from "../../goals/schedulers-cost.js";
import { median } from "../../harness/statistics.js";
import type { Picture } from "../../report/plots/picture.js";
import { listOf } from "../config-values.js";
import { subtitleOf } from "../drawing.js";
import { experiment, type Variant } from "../experiment.js";
import { fourWorkflows, instancesOf, type TabledInstance } from "../schedulers/four-workflows.js";
import type { Summary } from "../summary.js";

interface CostVariant extends Variant {
  readonly workflow: string;
  readonly prices: string;
  readonly factor: number;
}

const names = fourWorkflows.map(({ name }) => name);
const RUNS = 1_000_000;
const sheet = fileURLToPath(new URL("../../../configs/prices.yaml", import.meta.url)); // the build keeps a copy at the same place
const functionPrices = readPrices(readFileSync(sheet, "utf8"), sheet).functions;

/** What the planner makes of the four workflows of the DataFlower paper at each deadline. It computes; nothing is rented. */
export default experiment({
  name: "cost",
  category: "comparison",
  question: "What does a faster workflow cost?",
  config: {
    workflows: listOf(z.enum(names as [string, ...string[]])),
    prices: listOf(z.enum(Object.keys(functionPrices) as [string, ...string[]])),
    /** Deadlines as multiples of the longest path with a whole core for each function. */
    deadline_factors: listOf(z.number().min(1).max(100)),
  },
  variants: ({ workflows, prices, deadline_factors }): CostVariant[] =>
    workflows.flatMap((workflow) =>
      prices.flatMap((price) =>
        deadline_factors.map((factor) => ({
          key: `${workflow} ${price} ${factor}`,
          labels: { workflow, prices: price, factor },
          workflow,
          prices: price,
          factor,
        })),
      ),
    ),
  async measure({ workflow, prices: name, factor }) {
    const prices = functionPrices[name]!; // the configuration names only these, and only these workflows
    const functions = instancesOf(fourWorkflows.find((one) => one.name === workflow)!);
    const deadlineMs = factor * longestPathMs(functions);
    const plans = plansOf(functions, deadlineMs, prices);
    if (plans === undefined) return { facts: { deadlineMs, plan: "impossible" } };
    const wholeCoreUsd = usdAtWholeCore(functions, prices);
    const metrics = {
      usdPerMillion: plans.packed.usd * RUNS,
      oneSizeUsdPerMillion: plans.oneSize.usd * RUNS,
      wholeCoreUsdPerMillion: wholeCoreUsd * RUNS,
      makespanMs: plans.packed.makespanMs,
      oneSizeMakespanMs: plans.oneSize.makespanMs,
      savedShare: savedShares(plans).all,
      savedShareOfWholeCore: 1 - plans.packed.usd / wholeCoreUsd,
    };
    return { metrics, facts: { deadlineMs, metrics } };
  },
  headline({ variants }) {
    const saved = (metric: string) => variants.flatMap(({ metrics }) => metrics[metric]?.median ?? []);
    const [oneSize, wholeCore] = [saved("savedShare"), saved("savedShareOfWholeCore")];
    if (oneSize.length === 0) return "not measured";
    const percent = (shares: readonly number[]) =>
      `${(median(shares) * 100).toFixed(1)} % (at most ${(Math.max(...shares) * 100).toFixed(1)} %)`;
    return `the plan saves ${percent(oneSize)} of the cheapest single memory size, ${percent(wholeCore)} of a whole core for each function`;
  },
  figure: (summary) =>
    [...new Set(summary.variants.map(({ labels }) => String(labels.workflow)))].map((workflow) => paretoOf(workflow, summary)),
});

/** Undefined where no plan keeps the deadline. */
function plansOf(functions: readonly TabledInstance[], deadlineMs: number, prices: FunctionPrices): FunctionPlans | undefined {
  try {
    return planInvocations({ functions, deadlineMs, prices });
  } catch (error) {
    if (error instanceof DataFlowerError && error.code === "DF_DEADLINE_IMPOSSIBLE") return undefined;
    throw error;
  }
}

/** Every function in invocations of its own, of the memory size that brings one whole core. */
function usdAtWholeCore(
  functions: readonly TabledInstance[],
  { usdPerGbSecond, usdPerMillionRequests, roundingMs, coreMb }: FunctionPrices,
): number {
  const usd = ({ ioMs, cpuMs }: TabledInstance) => {
    const billedMs = Math.ceil((ioMs + cpuMs) / roundingMs) * roundingMs;
    return (coreMb / 1024) * (billedMs / 1e3) * usdPerGbSecond + usdPerMillionRequests / RUNS;
  };
  return functions.reduce((sum, one) => sum + usd(one), 0);
}

/** Each plan by how long the workflow takes with it, and what it costs. */
function paretoOf(workflow: string, summary: Summary): Picture {
  const planned = summary.variants.filter(({ labels, metrics }) => labels.workflow === workflow && metrics.usdPerMillion !== undefined);
  const points = planned.flatMap(({ labels: { prices, factor }, metrics }) => [
    { name: `plan, ${factor} ×`, group: `plan, ${prices}`, x: metrics.makespanMs?.median, y: metrics.usdPerMillion?.median },
    {
      name: `one size, ${factor} ×`,
      group: `one size, ${prices}`,
      x: metrics.oneSizeMakespanMs?.median,
      y: metrics.oneSizeUsdPerMillion?.median,
    },
  ]);
  return {
    kind: "scatter",
    name: `cost-${workflow}`,
    title: `What does a faster ${workflow} workflow cost?`,
    subtitle: subtitleOf(
      summary,
      "planned, without variance, so every percentile of the makespan, P99 too, is the same; deadlines as multiples of the longest path",
    ),
    x: { name: "planned makespan (P99) in ms" },
    y: { name: "US dollars for a million runs" },
    points,
    hasFrontier: true,
  };
}
