import { successorsOf, topologicalOrder } from "./costed-function.js";
import { type Choice, cheapestWithin } from "./invocation-choices.js";
import { MinimumCut } from "./minimum-cut.js";

/** Functions that are executed in one invocation. */
export interface Group {
  /** Of choicesOf(): one at least. */
  readonly choices: readonly Choice[];
  /** Positions of the groups whose outputs it reads. */
  readonly after: readonly number[];
}

/** Moves of one length, at most: each makes the plan cheaper, so there is an end to them in any case. */
const movesMax = 10_000;
/** Differences below this share of all costs are those of floating point. */
const noiseShare = 1e-12;

/** Time in ms from the start of the first group to the end of the last, where each starts when those that it waits for have ended. */
export function makespanMs(groups: readonly Pick<Group, "after">[], msOf: (group: number) => number): number {
  return Math.max(0, ...earliestEnds(groups, msOf));
}

/** Time in ms of the fastest choices: no deadline can be shorter. */
export function fastestMs(groups: readonly Group[]): number {
  return makespanMs(groups, (group) => fastestOf(groups[group] as Group).ms);
}

/** Time in ms of the longest path through a group, all choices being the fastest. */
export function longestThroughMs(groups: readonly Group[], through: number): number {
  const msOf = (group: number): number => fastestOf(groups[group] as Group).ms;
  const toEnd = earliestEnds(groups, msOf)[through] as number;
  const reversed = successorsOf(groups).map((after) => ({ after }));
  return toEnd + (earliestEnds(reversed, msOf)[through] as number) - msOf(through);
}

/**
 * The choice for each group with which all cost the least together and end by the deadline; undefined when there are none.
 *
 * Each group is given a window of time, and takes the cheapest choice that fits. The windows begin with what the fastest choices need. Then
 * starts and ends move, some of them together by some step, as long as this makes all cheaper; steps halve down to the least that is billed.
 * Which of them move together is a minimum cut, as in the crashing of project networks (S. Phillips, M. I. Dessouky, "Solving the project
 * time/cost tradeoff problem using the minimal cut concept", 1977). Where costs fall ever slower with time, as those of one function do but
 * for rounding, no other choices are cheaper (K. Murota, "Discrete Convex Analysis", 2003: steepest descent). Where they do not, as where
 * memory sizes are few, this is a heuristic.
 *
 * @param stepMs what durations are multiples of
 */
export function cheapestChoices(groups: readonly Group[], deadlineMs: number, stepMs: number): readonly Choice[] | undefined {
  if (fastestMs(groups) > deadlineMs) return undefined;
  const windows = new Windows(groups, Math.floor(deadlineMs / stepMs) * stepMs);
  for (let lengthMs = largestStep(deadlineMs, stepMs); lengthMs >= stepMs; lengthMs /= 2) {
    for (let moves = 0; moves < movesMax && (windows.move(lengthMs, "later") || windows.move(lengthMs, "earlier")); moves++);
  }
  return windows.choices;
}

function largestStep(deadlineMs: number, stepMs: number): number {
  let lengthMs = stepMs;
  while (lengthMs * 4 < deadlineMs) lengthMs *= 2;
  return lengthMs;
}

/** Fastest choices of a group: those of choicesOf() are sorted. */
const fastestOf = ({ choices }: Group): Choice => choices[0] as Choice;

/** When each group starts and ends, and what it costs in the time between. */
class Windows {
  readonly #groups: readonly Group[];
  readonly #deadlineMs: number;
  /** Of group g: the start at 2g, the end at 2g + 1. */
  #timesMs: readonly number[];
  #usd: number;

  constructor(groups: readonly Group[], deadlineMs: number) {
    this.#groups = groups;
    this.#deadlineMs = deadlineMs;
    const ends = earliestEnds(groups, (group) => fastestOf(groups[group] as Group).ms);
    const starts = ends.map((end, group) => end - fastestOf(groups[group] as Group).ms);
    const successors = successorsOf(groups);
    this.#timesMs = starts.flatMap((start, group) => [
      start,
      Math.min(deadlineMs, ...(successors[group] as readonly number[]).map((successor) => starts[successor] as number)),
    ]);
    this.#usd = this.#totalUsd(this.#timesMs);
  }

  get choices(): readonly Choice[] {
    return this.#groups.map(({ choices }, group) => cheapestWithin(choices, this.#windowMs(group)) as Choice); // no window is too short
  }

  /** Moves the starts and ends that it is best to move by so much. @returns whether that has made all cheaper */
  move(byMs: number, direction: "later" | "earlier"): boolean {
    const signed = direction === "later" ? byMs : -byMs;
    const side = this.#network(byMs, direction).sourceSide(this.#usd * noiseShare);
    const timesMs = this.#timesMs.map((time, event) => (side[event] === true ? time + signed : time));
    const usd = this.#totalUsd(timesMs);
    if (!(usd < this.#usd * (1 - noiseShare))) return false;
    this.#timesMs = timesMs;
    this.#usd = usd;
    return true;
  }

  /**
   * What moves lies on the side of the source. If later, an end without its start makes a window longer, and a start without its end makes
   * it shorter; if earlier, it is the other way round.
   */
  #network(byMs: number, direction: "later" | "earlier"): MinimumCut {
    const network = new MinimumCut(this.#timesMs.length);
    const isLater = direction === "later";
    this.#groups.forEach(({ choices, after }, group) => {
      const [start, end] = [2 * group, 2 * group + 1];
      const [lengthens, shortens] = isLater ? [end, start] : [start, end];
      const windowMs = this.#windowMs(group);
      const usd = usdWithin(choices, windowMs);
      const gain = usdWithin(choices, windowMs + byMs) - usd;
      network.charge(lengthens, gain);
      network.charge(shortens, -gain);
      network.add(shortens, lengthens, usdWithin(choices, windowMs - byMs) - usd + gain);
      if (isLater ? this.#timeOf(end) + byMs > this.#deadlineMs : this.#timeOf(start) < byMs)
        network.charge(lengthens, Number.POSITIVE_INFINITY);
      for (const before of after) {
        const endBefore = 2 * before + 1;
        if (this.#timeOf(start) - this.#timeOf(endBefore) >= byMs) continue;
        if (isLater) network.add(endBefore, start, Number.POSITIVE_INFINITY);
        else network.add(start, endBefore, Number.POSITIVE_INFINITY);
      }
    });
    return network;
  }

  #totalUsd(timesMs: readonly number[]): number {
    return this.#groups.reduce(
      (sum, { choices }, group) => sum + usdWithin(choices, (timesMs[2 * group + 1] as number) - (timesMs[2 * group] as number)),
      0,
    );
  }

  #timeOf(event: number): number {
    return this.#timesMs[event] as number; // each group has two
  }

  #windowMs(group: number): number {
    return this.#timeOf(2 * group + 1) - this.#timeOf(2 * group);
  }
}

/** Infinity where no choice is fast enough. */
const usdWithin = (choices: readonly Choice[], ms: number): number => cheapestWithin(choices, ms)?.usd ?? Number.POSITIVE_INFINITY;

/** By group: when it ends at the earliest. */
function earliestEnds(groups: readonly Pick<Group, "after">[], msOf: (group: number) => number): number[] {
  const ends = groups.map(() => 0);
  for (const group of topologicalOrder(groups) ?? []) {
    const { after } = groups[group] as Pick<Group, "after">;
    ends[group] = after.reduce((latest, before) => Math.max(latest, ends[before] as number), 0) + msOf(group);
  }
  return ends;
}
