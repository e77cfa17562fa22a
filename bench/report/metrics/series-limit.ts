/** Holds a metric to so many label sets: what is known stays, and nothing new comes in once it is full. Unbounded labels fill memory and every scrape. */
export class SeriesLimit {
  readonly #known = new Set<string>();
  readonly #max: number;

  constructor(max: number) {
    if (!Number.isInteger(max) || max < 1) throw new RangeError(`Cannot limit series as their number must be whole and at least 1: ${max}`);
    this.#max = max;
  }

  admits(labels: Readonly<Record<string, string>>): boolean {
    const key = JSON.stringify(Object.values(labels));
    if (this.#known.has(key)) return true;
    if (this.#known.size >= this.#max) return false;
    this.#known.add(key);
    return true;
  }
}
