export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Halvings of [0, 1]: as many as a double has digits. */
const BISECTIONS = 53;

/**
 * The exact interval of a share of which `successes` in `trials` were seen (Clopper-Pearson): at its ends, as many successes or more, and as many
 * or fewer, come about with a probability of (1 − confidence) ÷ 2. It holds the true share at least as often as `confidence` says.
 */
export function exactInterval(successes: number, trials: number, confidence: number): Interval {
  const tail = (1 - confidence) / 2;
  const binomial = new Binomial(trials);
  return {
    low: successes === 0 ? 0 : bisect((share) => binomial.between(successes, trials, share) < tail),
    high: successes === trials ? 1 : bisect((share) => binomial.between(0, successes, share) > tail),
  };
}

/** Where `isBelow` turns from true to false. */
function bisect(isBelow: (share: number) => boolean): number {
  let low = 0;
  let high = 1;
  for (let step = 0; step < BISECTIONS; step++) {
    const middle = (low + high) / 2;
    if (isBelow(middle)) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

class Binomial {
  readonly #trials: number;
  readonly #logFactorials: readonly number[];

  constructor(trials: number) {
    this.#trials = trials;
    const logFactorials = [0];
    for (let n = 1; n <= trials; n++) logFactorials.push(logFactorials[n - 1]! + Math.log(n));
    this.#logFactorials = logFactorials;
  }

  /** Probability of `first` to `last` successes when each trial succeeds with the probability `share`, which is neither 0 nor 1. */
  between(first: number, last: number, share: number): number {
    const logs = this.#logFactorials;
    const trials = this.#trials;
    let sum = 0;
    for (let successes = first; successes <= last; successes++) {
      const ways = logs[trials]! - logs[successes]! - logs[trials - successes]!;
      sum += Math.exp(ways + successes * Math.log(share) + (trials - successes) * Math.log1p(-share));
    }
    return sum;
  }
}
