/** How long a contender is measured. Durations in ms. */
export interface Pace {
  readonly warmupMs: number;
  readonly measureMs: number;
}

/** Every thread compiles its own code: with two workers and a control thread on two cores that takes about two seconds. */
export const fullPace: Pace = { warmupMs: 2000, measureMs: 1000 };

/** Shows that everything works, not what it can do. */
export const quickPace: Pace = { warmupMs: 20, measureMs: 50 };
