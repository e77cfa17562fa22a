import type { Sample } from "./sample.js";

/** Which metric of which two variants. */
export interface Pair {
  readonly metric: string;
  /** Keys of variants. */
  readonly of: string;
  readonly to: string;
}

/** A metric of two variants, a pair for each round in which both were measured. */
export function pairedByRound(samples: readonly Sample[], { metric, of, to }: Pair): (readonly [of: number, to: number])[] {
  const valuesOf = (key: string) =>
    samples.flatMap(({ variant, round, metrics }) => {
      const value = metrics?.[metric];
      return variant === key && value !== undefined ? [[round, value] as const] : [];
    });
  const others = new Map(valuesOf(to));
  return valuesOf(of).flatMap(([round, value]) => {
    const other = others.get(round);
    return other === undefined ? [] : [[value, other] as const];
  });
}
