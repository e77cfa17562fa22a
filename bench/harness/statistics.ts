import { seeded } from "./random.js";
import { studentT95 } from "./student-t.js";

/** A figure with the interval that holds it in 95 % of resamples. */
export interface Estimate {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

const RESAMPLES = 2_000;

/** Middle of the values; mean of the two middle ones where their number is even. NaN without values. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2; // NaN of no values: undefined + undefined
}

/**
 * A figure of the rounds with its 95 % bootstrap interval: the rounds are drawn again with replacement, and the figures of the draws are read at 2.5 %
 * and 97.5 %.
 *
 * @returns in `median` the figure of the rounds as they were
 */
export function bootstrap<Round>(rounds: readonly Round[], figure: (rounds: readonly Round[]) => number, seed: number): Estimate {
  const random = seeded(seed);
  return interval(figure(rounds), () => figure(rounds.map(() => rounds[Math.floor(random() * rounds.length)]!)));
}

/** A figure with what holds it in 95 % of draws. */
function interval(figure: number, draw: () => number): Estimate {
  const figures = Array.from({ length: RESAMPLES }, draw).sort((a, b) => a - b);
  return { median: figure, low: figures[Math.floor(RESAMPLES * 0.025)]!, high: figures[Math.ceil(RESAMPLES * 0.975) - 1]! };
}

/** Median with its 95 % bootstrap interval. */
export function bootstrapMedian(values: readonly number[], seed: number): Estimate {
  return bootstrap(values, median, seed);
}

/** How many times as fast one contender is as another: the median of the ratios of each round, as the two were measured beside each other. */
export function ratio(ours: readonly number[], theirs: readonly number[], seed: number): Estimate {
  if (ours.length !== theirs.length)
    throw new Error(`Cannot compare as both must have a value a round: ${ours.length} and ${theirs.length}`);
  return bootstrapMedian(
    ours.map((value, round) => value / theirs[round]!),
    seed,
  );
}

/**
 * How many times as large some values are as others that were measured apart from them: the ratio of the geometric means, in `median`, with the 95 %
 * interval of Student's two-sample t on the logarithms, as what disturbs a measurement does so by a factor. Unlike a bootstrap it holds what it says of
 * two values or three, which cannot be drawn again in enough ways (Student, The probable error of a mean, 1908).
 *
 * @param ours and `theirs` must be above 0, and three together at least, or equal: else the interval is NaN
 */
export function ratioOfMeans(ours: readonly number[], theirs: readonly number[]): Estimate {
  const [a, b] = [ours.map(Math.log), theirs.map(Math.log)];
  const difference = mean(a) - mean(b);
  const squares = squaredErrors(a) + squaredErrors(b);
  const freedom = a.length + b.length - 2;
  const error = squares === 0 && (freedom > 0 || difference === 0) ? 0 : Math.sqrt((squares / freedom) * (1 / a.length + 1 / b.length));
  const reach = error === 0 ? 0 : error * studentT95(freedom);
  return { median: Math.exp(difference), low: Math.exp(difference - reach), high: Math.exp(difference + reach) };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function squaredErrors(values: readonly number[]): number {
  const middle = mean(values);
  return values.reduce((sum, value) => sum + (value - middle) ** 2, 0);
}

/** By how much `y` grows where `x` grows by one: the straight line with the smallest squares of errors. NaN unless there are two points at least. */
export function slope(points: readonly { readonly x: number; readonly y: number }[]): number {
  const meanX = mean(points.map(({ x }) => x));
  const meanY = mean(points.map(({ y }) => y));
  let products = 0;
  let squares = 0;
  for (const { x, y } of points) {
    products += (x - meanX) * (y - meanY);
    squares += (x - meanX) ** 2;
  }
  return products / squares;
}
