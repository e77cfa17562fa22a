import { DataFlowerError } from "../../actors/kernel/errors.js";
import type { CostedFunction } from "../../schedulers/cost/costed-function.js";
import { type FunctionPlan, type FunctionVerdict, planFunctions, planOneSize } from "../../schedulers/cost/plan-functions.js";
import { planWorkers, type WorkerPlan, type WorkerVerdict } from "../../schedulers/cost/plan-workers.js";
import type { FunctionPrices, WorkerPrices } from "../../schedulers/cost/prices.js";
import { refuseOption, requireInteger, requireNumber, requireOptions } from "../authoring/option-checks.js";
import { Members } from "./members.js";
import { checkedFunctionPrices, checkedWorkerPrices, memoryMbMax } from "./price-checks.js";

/** Functions of one plan, at most: each pair of them is looked at again and again. */
export const plannedFunctionsMax = 50;
/** Longest time of a function, and furthest deadline: a year. */
const timeMsMax = 365 * 24 * 3_600_000;
const times = { min: 0, max: timeMsMax };

export interface PlanOptions<Prices> {
  /** In any order. */
  readonly functions: readonly CostedFunction[];
  /** When all of them have ended, in ms from the start of the first. */
  readonly deadlineMs: number;
  /** One entry of a price sheet. */
  readonly prices: Prices;
}

/** The plan of planFunctions(), and what it saves step by step. */
export interface FunctionPlans {
  /** Each function in invocations of its own, all of one memory size: the cheapest that meets the deadline. */
  readonly oneSize: FunctionPlan;
  /** Each function in invocations of its own, at its best memory size. */
  readonly sized: FunctionPlan;
  /** As well, functions one after the other in one invocation. */
  readonly fused: FunctionPlan;
  /** As well, functions side by side in one invocation: the plan. */
  readonly packed: FunctionPlan;
}

/**
 * Plans memory sizes and invocations of functions that are billed by invocation: planFunctions() says by which model.
 *
 * @throws DF_OPTION_INVALID for times that are negative or NaN and for other options that break their rule, DF_SPEC_INVALID for functions
 *   that wait for each other or that no memory size can execute, DF_DEADLINE_IMPOSSIBLE with the smallest deadline that there is a plan for
 */
export function planInvocations(options: PlanOptions<FunctionPrices>): FunctionPlans {
  const checked = { ...checkedOptions(options), prices: checkedFunctionPrices(new Members("plan.prices", options.prices)) };
  const verdict = planFunctions(checked);
  if (verdict.kind !== "planned") refuse(verdict, checked);
  const { sized, fused, packed } = verdict;
  return { oneSize: planOneSize(checked) as FunctionPlan, sized, fused, packed }; // the largest size is as fast as any
}

/**
 * Plans how many workers to rent for functions: planWorkers() says by which model.
 *
 * @throws as planInvocations()
 */
export function planRentedWorkers(options: PlanOptions<WorkerPrices>): WorkerPlan {
  const checked = { ...checkedOptions(options), prices: checkedWorkerPrices(new Members("plan.prices", options.prices)) };
  const verdict = planWorkers(checked);
  if (verdict.kind !== "planned") refuse(verdict, checked);
  return verdict.plan;
}

function checkedOptions(options: PlanOptions<unknown>): Omit<PlanOptions<unknown>, "prices"> {
  const { functions, deadlineMs } = requireOptions("plan", options, ["functions", "deadlineMs", "prices"]);
  if (!Array.isArray(functions)) refuseOption("plan.functions", "a list of functions", functions);
  requireInteger("plan.functions.length", functions.length, { min: 0, max: plannedFunctionsMax });
  return {
    functions: functions.map((given: unknown, position) => checkedFunction(`plan.functions[${position}]`, given, functions.length)),
    deadlineMs: requireNumber("plan.deadlineMs", deadlineMs, times),
  };
}

function checkedFunction(path: string, value: unknown, count: number): CostedFunction {
  const given = new Members(path, value).allow(["name", "ioMs", "cpuMs", "peakMb", "after"]);
  return {
    name: given.checked("name", (at, name) => (typeof name === "string" ? name : refuseOption(at, "a text", name))),
    ioMs: given.number("ioMs", times),
    cpuMs: given.number("cpuMs", times),
    peakMb: given.number("peakMb", { min: 0, max: memoryMbMax }),
    after: given.checked("after", (at, after) => {
      if (!Array.isArray(after)) return refuseOption(at, "a list of positions", after);
      return after.map((before, index) => requireInteger(`${at}[${index}]`, before, { min: 0, max: count - 1 }));
    }),
  };
}

type Refusal = Exclude<FunctionVerdict | WorkerVerdict, { kind: "planned" }>;

function refuse(verdict: Refusal, { functions, deadlineMs }: Omit<PlanOptions<unknown>, "prices">): never {
  switch (verdict.kind) {
    case "deadline impossible":
      throw new DataFlowerError(
        "DF_DEADLINE_IMPOSSIBLE",
        `Cannot plan as the deadline must be at least ${verdict.smallestMs} ms, which the functions take at their fastest: found ${deadlineMs} ms`,
      );
    case "function impossible":
      throw new DataFlowerError(
        "DF_SPEC_INVALID",
        `Cannot plan as each function must fit into some memory size and end within the longest invocation: found ${functions[verdict.position]?.name}`,
      );
    case "functions wait for each other":
      throw new DataFlowerError("DF_SPEC_INVALID", "Cannot plan as functions must not wait for each other: found some that do");
  }
}
