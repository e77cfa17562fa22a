import type { Distribution } from "./simulation-result.js";

const firstValues = 1024;

/** Gathers numbers, eight bytes each, and tells how they are distributed. */
export class Sample {
  #values = new Float64Array(firstValues);
  #count = 0;

  add(value: number): void {
    if (this.#count === this.#values.length) this.#grow();
    this.#values[this.#count++] = value;
  }

  distribution(): Distribution {
    const count = this.#count;
    if (count === 0) return { count, mean: 0, p50: 0, p90: 0, p99: 0, max: 0 };
    const values = this.#values.slice(0, count);
    const sum = values.reduce((total, value) => total + value, 0);
    values.sort();
    const rank = (share: number): number => values[Math.ceil(share * count) - 1] as number; // from 0 to count - 1
    return { count, mean: sum / count, p50: rank(0.5), p90: rank(0.9), p99: rank(0.99), max: rank(1) };
  }

  #grow(): void {
    const values = new Float64Array(this.#count * 2);
    values.set(this.#values);
    this.#values = values;
  }
}
