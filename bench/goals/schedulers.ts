import { measureKeyedUnits } from "../harness/keyed-units.js";
import type { MicroSample } from "../harness/measurements/micro.js";
import type { MeasuringOptions } from "../harness/measuring-options.js";
import { BAG_TASKS } from "../workloads/recorded-bag.js";
import { sharedDataOf } from "../workloads/recorded-traces.js";
import { eachOf } from "./each-of.js";
import { keyedSamples } from "./keyed-samples.js";
import type { Findings } from "./measurement.js";
import { type DeadlineMisses, deadlineMachines, deadlineMisses, deadlineNames } from "./scheduler-deadlines.js";
import { bagLoads, type LoadedBag, loadedBag, staticSchedulers } from "./scheduler-loads.js";
import { type BlindWait, blindCases, blindWait, type PredictionError, repeatErrors } from "./scheduler-predictions.js";
import { measureCostSavings } from "./schedulers-cost.js";
import { costFindings } from "./schedulers-cost-findings.js";
import { schedulerFindings } from "./schedulers-findings.js";

const QUICK_RUNS = 500;
const QUICK_NOTE = "Quick: the first few tasks only, and decisions of cold code.\n";
const MISSING_NOTE = "ONLY COSTS AND DECISIONS WERE MEASURED: there is no third-party data in ../shared/data\n";

/** Simulations on recorded workloads give the same each time; what a decision takes is measured in rounds. */
export async function measureSchedulerGoals(options: MeasuringOptions): Promise<Findings> {
  const sharedData = sharedDataOf(options.packageRoot);
  const bags = sharedData === undefined ? noBags : await measureBags(sharedData, options);
  const savings = measureCostSavings(options.packageRoot);
  const { samples: decisions, note } = await measureDecisions(options);
  const findings = [
    ...schedulerFindings({ ...bags, decisions: decisions.flatMap(({ operations }) => operations) }, options.seed),
    ...costFindings(savings),
  ];
  const samples = keyedSamples({ ...bags, savings: savings.map(({ functions: _, ...saving }) => saving), decisions });
  return { samples, findings, note: `${sharedData === undefined ? MISSING_NOTE : ""}${options.isQuick ? QUICK_NOTE : ""}${note}` };
}

interface Bags {
  readonly deadlines: readonly DeadlineMisses[];
  readonly blind: readonly BlindWait[];
  readonly errors: readonly PredictionError[];
  readonly loaded: readonly LoadedBag[];
}

const noBags: Bags = { deadlines: [], blind: [], errors: [], loaded: [] };

async function measureBags(sharedData: string, { isQuick, seed }: MeasuringOptions): Promise<Bags> {
  const runs = isQuick ? QUICK_RUNS : BAG_TASKS;
  const dueCases = deadlineNames.flatMap((name) => deadlineMachines.map((machines) => ({ name, machines })));
  const deadlines = await eachOf("deadlines", dueCases, async ({ name, machines }) => deadlineMisses(sharedData, name, machines));
  const blind = await eachOf("predictions", blindCases, async (one) => blindWait(sharedData, one, runs));
  const loadCases = bagLoads.flatMap((load) => [...staticSchedulers, "adaptive"].map((scheduler) => ({ load, scheduler })));
  const loaded = await eachOf("loads", loadCases, async ({ load, scheduler }) => loadedBag(sharedData, load, scheduler, runs));
  return { deadlines: deadlines.flat(), blind, errors: repeatErrors(sharedData, seed), loaded };
}

/** What policies take at 10,000 ready tasks. */
function measureDecisions(options: MeasuringOptions) {
  const pace = options.isQuick ? { warmupMs: 1, measureMs: 1 } : { warmupMs: 200, measureMs: 400 };
  const parameters = { measure: "micro", readyTasksMin: 10_000, readyTasksMax: 10_000, ...pace } as const;
  const unit = { contender: "dataflower", workloads: ["policies"], parameters, key: "decisions" };
  return measureKeyedUnits<MicroSample>("decisions", [unit], options);
}
