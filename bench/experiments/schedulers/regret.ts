/** What a policy made of one column: an instance at a load. Less is better. */
export interface Outcome {
  readonly column: string;
  readonly scheduler: string;
  readonly value: number;
}

/** Policies by columns: how much worse each is than the best one there, which has none. */
export interface Regrets {
  readonly schedulers: readonly string[];
  readonly columns: readonly string[];
  /** By policy and column; NaN where there was nothing to lose or win. */
  readonly cells: readonly (readonly number[])[];
}

/** @param regret of a value beside the best one */
export function regretsOf(outcomes: readonly Outcome[], regret: (value: number, best: number) => number): Regrets {
  const schedulers = [...new Set(outcomes.map(({ scheduler }) => scheduler))];
  const columns = [...new Set(outcomes.map(({ column }) => column))];
  const values = new Map(outcomes.map(({ column, scheduler, value }) => [`${scheduler}\n${column}`, value]));
  const of = (scheduler: string, column: string) => values.get(`${scheduler}\n${column}`) ?? Number.NaN;
  const best = new Map(columns.map((column) => [column, Math.min(...schedulers.map((scheduler) => of(scheduler, column)))]));
  return {
    schedulers,
    columns,
    cells: schedulers.map((scheduler) => columns.map((column) => regret(of(scheduler, column), best.get(column)!))),
  };
}

/** How many times as much. */
export const factorRegret = (value: number, best: number): number => value / best;

/** How much more, for shares. */
export const shareRegret = (value: number, best: number): number => value - best;
