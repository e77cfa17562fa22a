/**
 * Counts durations in buckets that grow with the value: 1,024 a power of two, so that a bucket is at most 0.1 % wide, as in an HDR
 * histogram with three digits. Recording costs a few nanoseconds, because the bucket is read off the exponent and the leading bits
 * of the double; pages of counts are made when the first value falls into them.
 */
const bucketBits = 10;
const bucketsPerPage = 1 << bucketBits;
/** Exponent of 2 of the smallest value told apart, in ms: 2^-14 ms = 61 ns. */
const exponentMin = -14;
/** Values from 2^34 ms (198 days) on count as that. */
const exponentMax = 34;
const bias = 1023;

const double = new Float64Array(1);
const halves = new Uint32Array(double.buffer);

export class LogLinearHistogram {
  readonly #pages: (Float64Array | undefined)[] = new Array(exponentMax - exponentMin + 1).fill(undefined);

  /** Counts one duration in ms. Negative values, which only clock granularity produces, count as 0. */
  record(ms: number): void {
    double[0] = ms;
    const high = halves[1] as number; // the upper word on the little-endian machines that Node runs on
    const exponent = ((high >>> 20) & 0x7ff) - bias;
    if (exponent < exponentMin || high >>> 31 === 1) {
      this.#page(0)[0] = (this.#page(0)[0] as number) + 1;
      return;
    }
    const page = this.#page(Math.min(exponent, exponentMax) - exponentMin);
    const bucket = exponent > exponentMax ? 0 : (high >>> (20 - bucketBits)) & (bucketsPerPage - 1);
    page[bucket] = (page[bucket] as number) + 1;
  }

  /** Everything counted, as pairs of value in ms (the middle of the bucket) and count, in rising order. */
  snapshot(): LatencySnapshot {
    const values: number[] = [];
    const counts: number[] = [];
    this.#pages.forEach((page, index) => {
      page?.forEach((count, bucket) => {
        if (count === 0) return;
        const isZero = index === 0 && bucket === 0;
        values.push(isZero ? 0 : 2 ** (index + exponentMin) * (1 + (bucket + 0.5) / bucketsPerPage));
        counts.push(count);
      });
    });
    return { values, counts };
  }

  #page(index: number): Float64Array {
    let page = this.#pages[index];
    if (page === undefined) {
      page = new Float64Array(bucketsPerPage);
      this.#pages[index] = page;
    }
    return page;
  }
}

/** Counts of a histogram as data that crosses threads. Values in ms. */
export interface LatencySnapshot {
  readonly values: readonly number[];
  readonly counts: readonly number[];
}
