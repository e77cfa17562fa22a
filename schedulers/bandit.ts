import type { Learner } from "./learner.js";

/** What it may choose between where there is something to choose. */
export const arms = ["fifo", "sjf", "deadline"] as const;
export type Arm = (typeof arms)[number];
/** What goes by rule beside them. */
export type Used = Arm | "critical-path";

/** In which of four situations a choice is made: whether estimates tell run times apart, and whether most tasks have deadlines. */
export type Situation = 0 | 1 | 2 | 3;
export const estimatesBit = 1;
export const deadlinesBit = 2;

/** A switch from one policy to another. */
export interface Switch {
  /** On the engine's clock, in ms. */
  readonly atMs: number;
  readonly from: Used;
  readonly to: Used;
  /** Tasks that waited. */
  readonly waiting: number;
  readonly why: "little waits" | "much waits" | "one run" | "several runs" | "reward";
}

export interface BanditSnapshot {
  /** By situation and arm: rewards, and how often it was rewarded, as far as they still count. */
  readonly rewards: readonly (readonly { readonly sum: number; readonly count: number }[])[];
  /** Tasks that were started under each policy. */
  readonly starts: Readonly<Record<string, number>>;
  readonly switchCount: number;
  /** The newest ones. */
  readonly switches: readonly Switch[];
}

/** Share of a reward that still counts after another one in its situation. */
const decay = 0.99;
/** What is thought of an arm beforehand counts as so many rewards, and never fades. */
const priorCount = 8;
/** How much an arm gains by being unknown. */
const curiosity = 0.1;
const switchesMax = 1_000;

/** What theory says of each arm beside the best one, by situation and in the order of `arms`; without deadlines nothing goes by them. */
const theory: readonly (readonly number[])[] = [
  [1, 1], // nothing is known beforehand: whoever came first, or any other
  [0.5, 1], // the shortest first has the least mean waiting time
  [0.5, 0.7, 1],
  [0.5, 0.7, 1],
];

/**
 * Which policy serves best in which situation: discounted upper confidence bounds (A. Garivier and E. Moulines, "On upper-confidence bound
 * policies for switching bandit problems", 2011). What is not known of an arm is taken from theory, in proportion to what the others have
 * been rewarded with: under load all rewards are lower, and that is no reason to try another one. Rewards go from 0 to 1.
 */
export class Bandit implements Learner {
  readonly #rewards = theory.map((row) => row.map(() => ({ sum: 0, count: 0 })));
  readonly #starts = new Map<Used, number>();
  readonly #switches: Switch[] = [];
  #switchCount = 0;

  /** The arm that promises most. */
  best(situation: Situation): Arm {
    const rewards = this.#rewards[situation] as { sum: number; count: number }[];
    const expected = theory[situation] as readonly number[];
    const total = rewards.reduce((sum, { count }) => sum + count + priorCount, 0);
    const rewarded = rewards.reduce((sum, each) => sum + each.sum, 0);
    const deserved = rewards.reduce((sum, { count }, at) => sum + count * (expected[at] as number), 0);
    const level = deserved === 0 ? 1 : rewarded / deserved;
    let best = 0;
    let most = Number.NEGATIVE_INFINITY;
    rewards.forEach(({ sum, count }, at) => {
      const weight = count + priorCount;
      const mean = (sum + priorCount * level * (expected[at] as number)) / weight;
      const promise = mean + level * curiosity * Math.sqrt(Math.log(total) / weight);
      if (promise <= most) return;
      most = promise;
      best = at;
    });
    return arms[best] as Arm;
  }

  reward(situation: Situation, arm: Arm, reward: number): void {
    const rewards = this.#rewards[situation] as { sum: number; count: number }[];
    for (const each of rewards) {
      each.sum *= decay;
      each.count *= decay;
    }
    const own = rewards[arms.indexOf(arm)] as { sum: number; count: number };
    own.sum += reward;
    own.count += 1;
  }

  started(used: Used, count: number): void {
    if (count > 0) this.#starts.set(used, (this.#starts.get(used) ?? 0) + count);
  }

  switched(made: Switch): void {
    this.#switchCount += 1;
    this.#switches.push(made);
    if (this.#switches.length > switchesMax) this.#switches.shift();
  }

  snapshot(): BanditSnapshot {
    return {
      rewards: this.#rewards.map((row) => row.map((each) => ({ ...each }))),
      starts: Object.fromEntries(this.#starts),
      switchCount: this.#switchCount,
      switches: [...this.#switches],
    };
  }

  absorb(snapshot: unknown): void {
    const { rewards } = snapshot as BanditSnapshot; // learners are told apart by their names
    rewards.forEach((row, situation) => {
      row.forEach(({ sum, count }, at) => {
        const own = this.#rewards[situation]?.[at];
        if (own === undefined) return;
        own.sum += sum;
        own.count += count;
      });
    });
  }
}
