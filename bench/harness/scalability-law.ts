/** A rate measured at some concurrency. */
export interface RatePoint {
  /** Clients, threads or runs in flight. */
  readonly n: number;
  /** Above 0. */
  readonly rate: number;
}

/**
 * Gunther's universal scalability law (1993): X(N) = λN ÷ (1 + σ(N − 1) + κN(N − 1)).
 */
export interface ScalabilityLaw {
  /** Rate of one alone. */
  readonly lambda: number;
  /** Contention: the share of the work that only one can do at a time. At 0 and without κ, the rate is linear. Never negative. */
  readonly sigma: number;
  /** Coherency: what each pair costs. Above 0 the rate has a peak. Never negative. */
  readonly kappa: number;
}

export function rateBy({ lambda, sigma, kappa }: ScalabilityLaw, n: number): number {
  return (lambda * n) / (1 + sigma * (n - 1) + kappa * n * (n - 1));
}

/** Concurrency with the highest rate; Infinity for a law without a peak. */
export function peakOf({ sigma, kappa }: ScalabilityLaw): number {
  if (kappa === 0) return Number.POSITIVE_INFINITY;
  return sigma >= 1 ? 1 : Math.max(1, Math.sqrt((1 - sigma) / kappa));
}

type Three = readonly [number, number, number];

const STEPS_MAX = 60;
const DAMPING_FIRST = 1e-3;
const DAMPING_MAX = 1e9;
const GAIN_MIN = 1e-12;

/**
 * The law with the smallest squares of relative errors: of ln X, as the noise of a rate grows with it. Levenberg-Marquardt, from the best
 * straight-line fit of N ÷ X, with σ and κ held at 0 or above.
 *
 * @returns undefined for fewer than three different N, which no three parameters follow from
 */
export function fitScalabilityLaw(points: readonly RatePoint[]): ScalabilityLaw | undefined {
  if (new Set(points.map(({ n }) => n)).size < 3) return undefined;
  let law = firstGuess(points);
  let error = errorOf(law, points);
  let damping = DAMPING_FIRST;
  for (let step = 0; step < STEPS_MAX && damping < DAMPING_MAX; step++) {
    const next = stepped(law, points, damping);
    const nextError = next === undefined ? Number.NaN : errorOf(next, points);
    if (next === undefined || !(nextError < error)) {
      damping *= 10;
      continue;
    }
    const gain = error - nextError;
    [law, error, damping] = [next, nextError, damping / 10];
    if (gain <= GAIN_MIN * error) break;
  }
  return law;
}

const residual = (law: ScalabilityLaw, { n, rate }: RatePoint): number => Math.log(rate) - Math.log(rateBy(law, n));

function errorOf(law: ScalabilityLaw, points: readonly RatePoint[]): number {
  return points.reduce((sum, point) => sum + residual(law, point) ** 2, 0);
}

/** N ÷ X = 1 ÷ λ + (σ ÷ λ)(N − 1) + (κ ÷ λ)N(N − 1) is a plane; weighted so that its errors are relative. */
function firstGuess(points: readonly RatePoint[]): ScalabilityLaw {
  const rows = points.map(({ n, rate }) => ({
    slopes: [1, n - 1, n * (n - 1)].map((one) => (one * rate) / n) as unknown as Three,
    gap: 1,
  })); // as: of three come three
  const [first, second, third] = leastSquares(rows, 0) ?? [0, 0, 0];
  if (first > 0) return { lambda: 1 / first, sigma: Math.max(0, second / first), kappa: Math.max(0, third / first) };
  return { lambda: Math.max(...points.map(({ n, rate }) => rate / n)), sigma: 0, kappa: 0 };
}

/** One step on the scale of ln λ, σ and κ; a parameter that would leave its range stops at the end of it, and the others step without it. */
function stepped(law: ScalabilityLaw, points: readonly RatePoint[], damping: number): ScalabilityLaw | undefined {
  let isFree: readonly [boolean, boolean, boolean] = [true, true, true];
  for (let attempt = 0; attempt < 3; attempt++) {
    const change = leastSquares(rowsOf(law, points, isFree), damping);
    if (change === undefined) return undefined;
    const [sigma, kappa] = [law.sigma + change[1], law.kappa + change[2]];
    const isStuck = [isFree[1] && law.sigma === 0 && change[1] < 0, isFree[2] && law.kappa === 0 && change[2] < 0] as const;
    if (!isStuck[0] && !isStuck[1])
      return { lambda: law.lambda * Math.exp(change[0]), sigma: Math.max(0, sigma), kappa: Math.max(0, kappa) };
    isFree = [true, isFree[1] && !isStuck[0], isFree[2] && !isStuck[1]];
  }
  return undefined;
}

interface Row {
  /** How the fitted value grows with each parameter. */
  readonly slopes: Three;
  /** By how much the measured value lies above the fitted one. */
  readonly gap: number;
}

function rowsOf(law: ScalabilityLaw, points: readonly RatePoint[], [, hasSigma, hasKappa]: readonly boolean[]): Row[] {
  return points.map((point) => {
    const { n } = point;
    const below = 1 + law.sigma * (n - 1) + law.kappa * n * (n - 1);
    return { slopes: [1, hasSigma ? -(n - 1) / below : 0, hasKappa ? (-n * (n - 1)) / below : 0], gap: residual(law, point) };
  });
}

/** Normal equations, the diagonal enlarged by the damping; a parameter without any slope does not move. */
function leastSquares(rows: readonly Row[], damping: number): Three | undefined {
  const sum = (value: (row: Row) => number): number => rows.reduce((total, row) => total + value(row), 0);
  const matrix = [0, 1, 2].map((i) => [0, 1, 2].map((j) => sum(({ slopes }) => slopes[i]! * slopes[j]!)));
  for (const i of [0, 1, 2]) matrix[i]![i] = matrix[i]![i]! === 0 ? 1 : matrix[i]![i]! * (1 + damping);
  return solved(
    matrix,
    [0, 1, 2].map((i) => sum(({ slopes, gap }) => slopes[i]! * gap)),
  );
}

/** Cramer's rule. Undefined where nothing or everything solves it. */
function solved(matrix: readonly (readonly number[])[], right: readonly number[]): Three | undefined {
  const whole = determinant(matrix);
  const parts = [0, 1, 2].map((column) => determinant(matrix.map((row, i) => row.map((value, j) => (j === column ? right[i]! : value)))));
  const found = parts.map((part) => part / whole) as unknown as Three; // as: of three come three
  return found.every(Number.isFinite) ? found : undefined;
}

function determinant(matrix: readonly (readonly number[])[]): number {
  const at = (i: number, j: number): number => matrix[i]![j]!;
  return [0, 1, 2].reduce((sum, j) => {
    const [k, l] = [(j + 1) % 3, (j + 2) % 3];
    return sum + at(0, j) * (at(1, k) * at(2, l) - at(1, l) * at(2, k));
  }, 0);
}
