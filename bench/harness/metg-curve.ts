import { median } from "./statistics.js";

/** How well the cores were used at one size of tasks. */
export interface CurvePoint {
  /** What a task took of a core, overhead included, in µs: wall time × cores ÷ tasks. */
  readonly granularityUs: number;
  /** Rate of useful work ÷ the best rate of the same cores. */
  readonly efficiency: number;
}

/**
 * METG, the minimum effective task granularity: the smallest size of tasks at which a system still reaches this efficiency, in µs. From the largest
 * tasks down it is where the curve first falls below the level, on the straight line between the two points around it.
 *
 * @param curve from large to small tasks
 * @returns Infinity where the largest tasks do not reach it; the size of the smallest tasks, which is then an upper bound, where all do
 */
export function metgUs(curve: readonly CurvePoint[], level: number): number {
  const over = smallestReaching(curve, level);
  if (over === undefined) return Number.POSITIVE_INFINITY;
  const under = curve[curve.indexOf(over) + 1];
  if (under === undefined) return over.granularityUs;
  const share = (level - under.efficiency) / (over.efficiency - under.efficiency);
  return under.granularityUs + share * (over.granularityUs - under.granularityUs);
}

/** The last point, from large tasks down, before the curve falls below the level; undefined where it begins below. */
export function smallestReaching<Point extends CurvePoint>(curve: readonly Point[], level: number): Point | undefined {
  const below = curve.findIndex(({ efficiency }) => !(efficiency >= level));
  return below < 0 ? curve.at(-1) : curve[below - 1];
}

/** The curve of which each point is the median of the rounds' points at its place. */
export function medianCurve(rounds: readonly (readonly CurvePoint[])[]): CurvePoint[] {
  const [first = []] = rounds;
  return first.map((_, at) => ({
    granularityUs: median(rounds.map((round) => round[at]!.granularityUs)),
    efficiency: median(rounds.map((round) => round[at]!.efficiency)),
  }));
}
