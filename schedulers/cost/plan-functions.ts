import { type CostedFunction, topologicalOrder } from "./costed-function.js";
import { afterOf, Grouper, type Grouping, type GroupingOptions, type Members } from "./grouping.js";
import { type Choice, choicesOf } from "./invocation-choices.js";
import type { FunctionPrices } from "./prices.js";
import { fastestMs, makespanMs } from "./time-windows.js";

/** One invocation of a plan. */
export interface PlannedInvocation {
  /** Positions of the functions that it executes, in the order in which it starts them. */
  readonly functions: readonly number[];
  readonly sizeMb: number;
  /** Functions that it executes side by side, at most. */
  readonly lanes: number;
  /** Duration as it is billed. */
  readonly ms: number;
  readonly usd: number;
  /** Positions of the invocations of the plan that end before it begins. */
  readonly after: readonly number[];
}

export interface FunctionPlan {
  readonly invocations: readonly PlannedInvocation[];
  readonly usd: number;
  /** From the start of the first invocation to the end of the last, each beginning when those that it waits for have ended. */
  readonly makespanMs: number;
}

/** What becomes of a request for a plan. */
export type FunctionVerdict =
  | {
      readonly kind: "planned";
      /** Each function in invocations of its own, at its best memory size. */
      readonly sized: FunctionPlan;
      /** As well, functions one after the other in one invocation. */
      readonly fused: FunctionPlan;
      /** As well, functions side by side in one invocation: the plan. */
      readonly packed: FunctionPlan;
    }
  /** Even with each function at its fastest, in invocations of its own: no others are faster, but for what rounding adds to each. */
  | { readonly kind: "deadline impossible"; readonly smallestMs: number }
  /** No memory size holds this one, or none lets it end before its invocation is ended. */
  | { readonly kind: "function impossible"; readonly position: number }
  | { readonly kind: "functions wait for each other" };

/** Functions side by side in one invocation, at most: no memory size that is sold today has more whole cores. */
export const lanesMax = 6;

/**
 * Plans invocations for functions, so that all have ended by a deadline and cost little: their memory sizes, which of them follow each other
 * in one invocation (fusing), and which of them run beside each other in one (packing).
 *
 * Sizes are the best there are for given groups, but for rounding (see cheapestChoices()). Groups are joined greedily: other groups may be cheaper. Fusing
 * and placing functions for what that saves is due to T. Elgamal et al., "Costless" (2018); sizing along the critical path to C. Lin, H.
 * Khazaei, "Modeling and optimization of performance and cost of serverless applications" (2021).
 *
 * The model: an invocation begins when all that it reads exists, and all that it writes exists when it has ended. There are as many
 * invocations at a time as there is work for. There are no cold starts, and data that stays in an invocation takes as long as it took.
 */
export function planFunctions(options: GroupingOptions): FunctionVerdict {
  const { functions, deadlineMs, prices } = options;
  const refusal = refusalOf(functions, deadlineMs, prices);
  if (refusal !== undefined) return refusal;
  const [sequences, lanes] = [new Grouper(options, 1), new Grouper(options, lanesMax)];
  const sized = sequences.sized(functions.map((_, position) => [position])) as Grouping; // the fastest choices meet the deadline
  const fused = sequences.joined(sized);
  const packed = lanes.joined(fused);
  return { kind: "planned", sized: planOf(functions, sized), fused: planOf(functions, fused), packed: planOf(functions, packed) };
}

function refusalOf(functions: readonly CostedFunction[], deadlineMs: number, prices: FunctionPrices): FunctionVerdict | undefined {
  if (topologicalOrder(functions) === undefined) return { kind: "functions wait for each other" };
  const groups = functions.map(({ after }, position) => ({ choices: choicesOf(functions, [position], 1, prices), after }));
  const position = groups.findIndex(({ choices }) => choices.length === 0);
  if (position >= 0) return { kind: "function impossible", position };
  const smallestMs = fastestMs(groups);
  return smallestMs > deadlineMs ? { kind: "deadline impossible", smallestMs } : undefined;
}

function planOf(functions: readonly CostedFunction[], { groups, choices, usd }: Grouping): FunctionPlan {
  const after = afterOf(functions, groups);
  const invocations = groups.map((members: Members, group) => ({
    functions: members,
    ...(choices[group] as Choice),
    after: after[group] as readonly number[],
  }));
  return { invocations, usd, makespanMs: makespanMs(invocations, (group) => (invocations[group] as PlannedInvocation).ms) };
}

/**
 * The cheapest memory size that, given to every function, lets all end by the deadline, each in invocations of its own: what plans are
 * compared with. Undefined where there is none.
 */
export function planOneSize({ functions, deadlineMs, prices }: GroupingOptions): FunctionPlan | undefined {
  const { min, max, step } = prices.memoryMb;
  let best: FunctionPlan | undefined;
  for (let sizeMb = min; sizeMb <= max; sizeMb += step) {
    const only = { ...prices, memoryMb: { min: sizeMb, max: sizeMb, step } };
    const choices = functions.map((_, position) => choicesOf(functions, [position], 1, only)[0]);
    if (!choices.every((choice) => choice !== undefined)) continue;
    const plan = planOf(functions, {
      groups: functions.map((_, position) => [position]),
      choices,
      usd: choices.reduce((sum, { usd }) => sum + usd, 0),
    });
    if (plan.makespanMs <= deadlineMs && plan.usd < (best?.usd ?? Number.POSITIVE_INFINITY)) best = plan;
  }
  return best;
}
