import type { ScopeShape } from "./scope.js";

/**
 * A reduce over `count` items with groups of `arity`: a tree, level by level, until one value is left.
 *
 *   items  0 1 2 3 4        level 0: `count` params
 *          └┬┘ └┬┘ │
 *   tasks   5   6  7        level 1: one task a group
 *           └─┬─┘  │
 *             8    9        level 2
 *             └─┬──┘
 *              10           the root, whose output is the output of the reduce
 *
 * A list of at most `arity` items, the empty one included, is exactly one call.
 */
export class ReduceShape implements ScopeShape {
  readonly region = -1;
  readonly count: number;
  readonly instances: number;
  readonly nodes: number;
  readonly width = Number.MAX_SAFE_INTEGER;
  readonly nodesPerElement = 0;
  readonly arity: number;
  /** The expand node, which carries handler and options. */
  readonly #node: number;
  /** First instance of each level; one entry more than levels. */
  readonly #levels: number[];

  constructor(node: number, count: number, arity: number) {
    this.#node = node;
    this.count = count;
    this.arity = arity;
    this.#levels = [0, count];
    let size = count;
    do {
      size = Math.max(1, Math.ceil(size / arity));
      this.#levels.push((this.#levels.at(-1) as number) + size);
    } while (size > 1);
    this.instances = this.#levels.at(-1) as number;
    this.nodes = this.instances - count;
  }

  /** The task whose output is the output of the reduce. */
  get root(): number {
    return this.instances - 1;
  }

  nodeOf(): number {
    return this.#node;
  }

  elementOf(): number {
    return 0;
  }

  baseOf(): number {
    return 0;
  }

  /** First and last + 1 of the instances that a task reads. */
  inputsOf(instance: number): { from: number; to: number } {
    const level = this.#levelOf(instance);
    const from = (this.#levels[level - 1] as number) + (instance - (this.#levels[level] as number)) * this.arity;
    return { from, to: Math.min(from + this.arity, this.#levels[level] as number) };
  }

  /** The task that reads an instance; -1 for the root. */
  successorOf(instance: number): number {
    if (instance === this.root) return -1;
    const level = this.#levelOf(instance);
    return (this.#levels[level + 1] as number) + Math.floor((instance - (this.#levels[level] as number)) / this.arity);
  }

  missingOf(instance: number): number {
    if (this.#levelOf(instance) <= 1) return 0;
    const { from, to } = this.inputsOf(instance);
    return to - from;
  }

  readersOf(): number {
    return 1;
  }

  /** Tasks that wait for nothing: the first level above the items. */
  get roots(): { from: number; to: number } {
    return { from: this.count, to: this.#levels[2] as number };
  }

  #levelOf(instance: number): number {
    let level = 0;
    while (instance >= (this.#levels[level + 1] as number)) level++;
    return level;
  }
}
