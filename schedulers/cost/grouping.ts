import { type CostedFunction, topologicalOrder } from "./costed-function.js";
import { type Choice, cheapestWithin, choicesOf } from "./invocation-choices.js";
import type { FunctionPrices } from "./prices.js";
import { cheapestChoices, type Group, longestThroughMs } from "./time-windows.js";

/** Functions that are executed together: positions, each behind those that it waits for. */
export type Members = readonly number[];

/** Groups of functions, with the choice of each. */
export interface Grouping {
  readonly groups: readonly Members[];
  readonly choices: readonly Choice[];
  readonly usd: number;
}

export interface GroupingOptions {
  readonly functions: readonly CostedFunction[];
  readonly deadlineMs: number;
  readonly prices: FunctionPrices;
}

/** Groups of which the last is two of before. */
interface Join {
  readonly groups: readonly Members[];
  /** All that they may cost together, at least. */
  readonly usdMin: number;
}

/** How functions are put together, and what that costs. Remembers the choices of groups, as the same ones come up again and again. */
export class Grouper {
  readonly #functions: readonly CostedFunction[];
  readonly #deadlineMs: number;
  readonly #prices: FunctionPrices;
  readonly #lanesMax: number;
  /** By position: its place in an order in which each stands behind those that it waits for. */
  readonly #place: ReadonlyMap<number, number>;
  readonly #choices = new Map<string, readonly Choice[]>();

  /** @param lanesMax functions of one invocation that run side by side, at most */
  constructor({ functions, deadlineMs, prices }: GroupingOptions, lanesMax: number) {
    this.#functions = functions;
    this.#deadlineMs = deadlineMs;
    this.#prices = prices;
    this.#lanesMax = lanesMax;
    this.#place = new Map((topologicalOrder(functions) ?? []).map((position, place) => [position, place]));
  }

  /** The cheapest choices for these groups; undefined where they cannot end by the deadline, or wait for each other. */
  sized(groups: readonly Members[]): Grouping | undefined {
    const after = afterOf(this.#functions, groups);
    if (topologicalOrder(after.map((before) => ({ after: before }))) === undefined) return undefined;
    const listed: Group[] = groups.map((members, group) => ({
      choices: this.#choicesOf(members),
      after: after[group] as readonly number[],
    }));
    if (listed.some(({ choices }) => choices.length === 0)) return undefined;
    const choices = cheapestChoices(listed, this.#deadlineMs, this.#prices.roundingMs);
    return choices && { groups, choices, usd: choices.reduce((sum, { usd }) => sum + usd, 0) };
  }

  /**
   * Joins two groups at a time, those first that it makes all the cheapest to join, until no two are left whose joining makes all cheaper.
   * Two functions that both are on their own twice, alike in all, count once.
   */
  joined(from: Grouping): Grouping {
    for (let grouping = from; ; ) {
      const better = this.#bestJoin(grouping);
      if (better === undefined) return grouping;
      grouping = better;
    }
  }

  /** undefined where they wait for each other, or one of them cannot be executed. */
  #listed(groups: readonly Members[]): readonly Group[] | undefined {
    const after = afterOf(this.#functions, groups);
    if (topologicalOrder(after.map((before) => ({ after: before }))) === undefined) return undefined;
    const listed = groups.map((members, group) => ({ choices: this.#choicesOf(members), after: after[group] as readonly number[] }));
    return listed.some(({ choices }) => choices.length === 0) ? undefined : listed;
  }

  #bestJoin(grouping: Grouping): Grouping | undefined {
    let best: Grouping | undefined;
    for (const { groups, usdMin } of this.#joins(grouping)) {
      if (usdMin >= (best ?? grouping).usd) break; // so it is with all that follow
      const joined = this.sized(groups);
      if (joined !== undefined && joined.usd < (best ?? grouping).usd) best = joined;
    }
    return best;
  }

  /** Every two groups that can be joined, those first that might make all the cheapest. */
  #joins({ groups, choices, usd }: Grouping): readonly Join[] {
    const kinds = this.#kindsOf(groups);
    const tried = new Set<string>();
    const joins: Join[] = [];
    for (let one = 0; one < groups.length; one++) {
      for (let other = one + 1; other < groups.length; other++) {
        const kind = `${kinds[one]}+${kinds[other]}`;
        if (tried.has(kind)) continue;
        tried.add(kind);
        const members = [...(groups[one] as Members), ...(groups[other] as Members)].sort((a, b) => this.#placeOf(a) - this.#placeOf(b));
        const joined = [...groups.filter((_, group) => group !== one && group !== other), members];
        const usdLeast = this.#leastUsd(joined);
        if (usdLeast === undefined) continue;
        joins.push({ groups: joined, usdMin: usd - (choices[one] as Choice).usd - (choices[other] as Choice).usd + usdLeast });
      }
    }
    return joins.sort((a, b) => a.usdMin - b.usdMin);
  }

  /** What the last group costs at least, if all others are as fast as they can be. A join leaves those no more time than they had. */
  #leastUsd(groups: readonly Members[]): number | undefined {
    const listed = this.#listed(groups);
    const last = listed?.at(-1);
    if (listed === undefined || last === undefined) return undefined;
    const slackMs = this.#deadlineMs - longestThroughMs(listed, listed.length - 1);
    return cheapestWithin(last.choices, slackMs + (last.choices[0] as Choice).ms)?.usd;
  }

  #choicesOf(members: Members): readonly Choice[] {
    const kind = this.#kindOf(members);
    const known = this.#choices.get(kind);
    if (known !== undefined) return known;
    const choices = choicesOf(this.#functions, members, this.#lanesMax, this.#prices);
    this.#choices.set(kind, choices);
    return choices;
  }

  /** What the choices of a group follow from. */
  #kindOf(members: Members): string {
    return members
      .map((position) => {
        const { ioMs, cpuMs, peakMb, after } = this.#functions[position] as CostedFunction;
        return [ioMs, cpuMs, peakMb, ...after.map((before) => members.indexOf(before)).filter((at) => at >= 0)].join(" ");
      })
      .join(",");
  }

  /** What the outcome of joining a group follows from: its kind, and the groups around it. */
  #kindsOf(groups: readonly Members[]): readonly string[] {
    const after = afterOf(this.#functions, groups);
    return groups.map((members, group) => {
      const successors = after.flatMap((before, successor) => (before.includes(group) ? [successor] : []));
      return `${this.#kindOf(members)} after ${after[group]} before ${successors}`;
    });
  }

  #placeOf(position: number): number {
    return this.#place.get(position) as number;
  }
}

/** By group: the other groups that it waits for. */
export function afterOf(functions: readonly CostedFunction[], groups: readonly Members[]): readonly (readonly number[])[] {
  const groupOf = new Map(groups.flatMap((members, group) => members.map((position) => [position, group])));
  return groups.map((members, group) => {
    const before = members.flatMap((position) => (functions[position] as CostedFunction).after.map((one) => groupOf.get(one) as number));
    return [...new Set(before)].filter((one) => one !== group).sort((a, b) => a - b);
  });
}
