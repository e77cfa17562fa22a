import type { CostedFunction } from "./costed-function.js";
import { heldMb, laneScheduleMs } from "./lane-schedule.js";
import { billedMs, type FunctionPrices, invocationUsd, sizeMbFor } from "./prices.js";

/** One way to execute certain functions in one invocation. */
export interface Choice {
  readonly sizeMb: number;
  /** Functions that run side by side, at most. */
  readonly lanes: number;
  /** Duration as it is billed. */
  readonly ms: number;
  readonly usd: number;
}

/**
 * The ways to execute certain functions in one invocation that no other one beats in both time and money, the fastest first: each further
 * one is slower and cheaper. Empty where no memory size holds them, or none lets them end in time.
 *
 * @param lanesMax lanes side by side, at most; 1: one function after the other
 */
export function choicesOf(
  functions: readonly CostedFunction[],
  members: readonly number[],
  lanesMax: number,
  prices: FunctionPrices,
): readonly Choice[] {
  const choices: Choice[] = [];
  for (let lanes = 1; lanes <= Math.min(lanesMax, members.length); lanes++) addChoices(choices, functions, members, lanes, prices);
  choices.sort((a, b) => a.ms - b.ms || a.usd - b.usd);
  let cheapestUsd = Number.POSITIVE_INFINITY;
  return choices.filter(({ usd }) => {
    const isCheaper = usd < cheapestUsd;
    if (isCheaper) cheapestUsd = usd;
    return isCheaper;
  });
}

/**
 * Memory sizes up to the one with a whole core for each lane: beyond it nothing ends sooner. Of n lanes every n-th size: it gives each lane as
 * much more of a core as the next size gives a single one.
 */
function addChoices(
  choices: Choice[],
  functions: readonly CostedFunction[],
  members: readonly number[],
  lanes: number,
  prices: FunctionPrices,
): void {
  const { coreMb, durationMsMax, memoryMb } = prices;
  const smallestMb = sizeMbFor(heldMb(functions, members, lanes), prices);
  if (smallestMb === undefined) return;
  for (let sizeMb = smallestMb; sizeMb <= memoryMb.max; sizeMb += memoryMb.step * lanes) {
    const ms = billedMs(laneScheduleMs(functions, members, lanes, sizeMb / coreMb), prices);
    if (ms <= durationMsMax) choices.push({ sizeMb, lanes, ms, usd: invocationUsd(sizeMb, ms, prices) });
    if (sizeMb >= lanes * coreMb) break;
  }
}

/** The cheapest choice that takes no longer than so much; undefined when none does. */
export function cheapestWithin(choices: readonly Choice[], ms: number): Choice | undefined {
  let [low, high] = [0, choices.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((choices[middle] as Choice).ms <= ms) low = middle + 1;
    else high = middle;
  }
  return choices[low - 1];
}
