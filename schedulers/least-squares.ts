/** Keeps weights small while little is known: as if so much had been seen of each feature alone, with no effect. */
const ridge = 0.01;

/**
 * Linear least squares, one observation at a time: the products of features and targets are summed, older ones fading, and the weights
 * follow from the sums by Cholesky's method when they are asked for. It is recursive least squares in its information form (L. Ljung,
 * System Identification, 1987, §11.2), which can be added to that of another thread.
 */
export class LeastSquares {
  readonly #size: number;
  /** Row by row; only up to the diagonal is it used. */
  readonly #products: Float64Array;
  readonly #targets: Float64Array;
  readonly #weights: Float64Array;
  readonly #factor: Float64Array;
  #isStale = false;

  constructor(size: number) {
    this.#size = size;
    this.#products = new Float64Array(size * size);
    this.#targets = new Float64Array(size);
    this.#weights = new Float64Array(size);
    this.#factor = new Float64Array(size * size);
  }

  /** @param keep share of what was seen before that still counts, up to 1 */
  add(features: Float64Array, target: number, keep: number): void {
    const size = this.#size;
    const products = this.#products;
    for (let row = 0; row < size; row++) {
      const feature = features[row] as number;
      for (let column = 0; column <= row; column++) {
        const at = row * size + column;
        products[at] = (products[at] as number) * keep + feature * (features[column] as number);
      }
      this.#targets[row] = (this.#targets[row] as number) * keep + feature * target;
    }
    this.#isStale = true;
  }

  predict(features: Float64Array): number {
    if (this.#isStale) this.#solve();
    let sum = 0;
    for (let at = 0; at < this.#size; at++) sum += (features[at] as number) * (this.#weights[at] as number);
    return sum;
  }

  /** Of each feature. */
  weights(): number[] {
    if (this.#isStale) this.#solve();
    return [...this.#weights];
  }

  /** What `absorb` takes. */
  sums(): number[] {
    return [...this.#products, ...this.#targets];
  }

  /** @param sums of another one of this size */
  absorb(sums: readonly number[]): void {
    const { length } = this.#products;
    for (let at = 0; at < length; at++) this.#products[at] = (this.#products[at] as number) + (sums[at] as number);
    for (let at = 0; at < this.#size; at++) this.#targets[at] = (this.#targets[at] as number) + (sums[length + at] as number);
    this.#isStale = true;
  }

  #solve(): void {
    this.#isStale = false;
    this.#factorise();
    const size = this.#size;
    const factor = this.#factor;
    const weights = this.#weights;
    for (let row = 0; row < size; row++) {
      let rest = this.#targets[row] as number;
      for (let at = 0; at < row; at++) rest -= (factor[row * size + at] as number) * (weights[at] as number);
      weights[row] = rest / (factor[row * size + row] as number);
    }
    for (let row = size - 1; row >= 0; row--) {
      let rest = weights[row] as number;
      for (let at = row + 1; at < size; at++) rest -= (factor[at * size + row] as number) * (weights[at] as number);
      weights[row] = rest / (factor[row * size + row] as number);
    }
  }

  /** The triangle whose product with itself turned over is the products with the ridge. */
  #factorise(): void {
    const size = this.#size;
    const factor = this.#factor;
    for (let row = 0; row < size; row++) {
      for (let column = 0; column <= row; column++) {
        let rest = (this.#products[row * size + column] as number) + (row === column ? ridge : 0);
        for (let at = 0; at < column; at++) rest -= (factor[row * size + at] as number) * (factor[column * size + at] as number);
        factor[row * size + column] =
          row === column ? Math.sqrt(Math.max(rest, ridge / 2)) : rest / (factor[column * size + column] as number);
      }
    }
  }
}
