/**
 * Finds the first of many machines that has room for a task, without looking at all of them.
 *
 *              max of all              a binary tree in two arrays: node n lies above 2n and 2n + 1,
 *             /          \             machine m is leaf `#leaves` + m
 *        max of 0, 1   max of 2, 3     each node knows the most cores, and the most memory, that one machine below it has free
 *
 * The most cores and the most memory below a node may be of two machines: the search then turns back. With room of one kind only it
 * never does, and takes logarithmic time.
 */
export class FirstFit {
  readonly #leaves: number;
  readonly #cores: Float64Array;
  readonly #memory: Float64Array;

  /** @param count machines, without any room until `set` says otherwise */
  constructor(count: number) {
    this.#leaves = 2 ** Math.ceil(Math.log2(Math.max(1, count)));
    this.#cores = new Float64Array(2 * this.#leaves).fill(Number.NEGATIVE_INFINITY);
    this.#memory = new Float64Array(2 * this.#leaves).fill(Number.NEGATIVE_INFINITY);
  }

  /** The most cores that one machine has free. */
  get mostCores(): number {
    return this.#cores[1] as number;
  }

  set(machine: number, cores: number, memory: number): void {
    let node = this.#leaves + machine;
    this.#cores[node] = cores;
    this.#memory[node] = memory;
    for (node >>= 1; node > 0; node >>= 1) {
      this.#cores[node] = Math.max(this.#cores[2 * node] as number, this.#cores[2 * node + 1] as number);
      this.#memory[node] = Math.max(this.#memory[2 * node] as number, this.#memory[2 * node + 1] as number);
    }
  }

  /** The first machine that has both free; -1 when there is none. */
  find(cores: number, memory: number): number {
    return this.#findBelow(1, cores, memory);
  }

  #findBelow(node: number, cores: number, memory: number): number {
    if ((this.#cores[node] as number) < cores || (this.#memory[node] as number) < memory) return -1;
    if (node >= this.#leaves) return node - this.#leaves;
    const left = this.#findBelow(2 * node, cores, memory);
    return left >= 0 ? left : this.#findBelow(2 * node + 1, cores, memory);
  }
}
