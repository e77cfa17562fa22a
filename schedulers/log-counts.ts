/** Buckets of a quarter of an octave each. */
const bucketsPerOctave = 4;
const octavesMin = -32;
const bucketCount = 64 * bucketsPerOctave;
/** When so many have been counted all counts are halved, so that what is long ago fades. */
const countedMax = 2_048;

/** How often values of each size were seen, sizes being logarithms to base 2: their quantiles, within an eighth of an octave. */
export class LogCounts {
  readonly #counts = new Float64Array(bucketCount);
  #total = 0;

  get total(): number {
    return this.#total;
  }

  add(log: number): void {
    const at = bucketOf(log);
    this.#counts[at] = (this.#counts[at] as number) + 1;
    this.#total += 1;
    if (this.#total >= countedMax) this.#halve();
  }

  /** @param share from 0 to 1 @returns a logarithm; NaN when nothing was counted */
  quantile(share: number): number {
    let left = share * this.#total;
    for (let at = 0; at < bucketCount; at++) {
      left -= this.#counts[at] as number;
      if (left <= 0 && (this.#counts[at] as number) > 0) return octavesMin + (at + 0.5) / bucketsPerOctave;
    }
    return Number.NaN;
  }

  /** Places and their counts, for `absorb`. */
  counts(): [number, number][] {
    return [...this.#counts].flatMap((count, at) => (count > 0 ? [[at, count] as [number, number]] : []));
  }

  absorb(counts: readonly (readonly [number, number])[]): void {
    for (const [at, count] of counts) {
      this.#counts[at] = (this.#counts[at] as number) + count;
      this.#total += count;
    }
    while (this.#total >= countedMax) this.#halve();
  }

  #halve(): void {
    this.#total = 0;
    for (let at = 0; at < bucketCount; at++) {
      this.#counts[at] = (this.#counts[at] as number) / 2;
      this.#total += this.#counts[at] as number;
    }
  }
}

function bucketOf(log: number): number {
  const at = Math.floor((log - octavesMin) * bucketsPerOctave);
  return Math.min(bucketCount - 1, Math.max(0, at));
}
