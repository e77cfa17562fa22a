import { type Random, seeded } from "../harness/random.js";
import { type Output, sinksOf, type TaskGraph } from "./task-graph.js";

const WIDTH_MAX = 12;
const PARENTS_MAX = 3;

/**
 *     0     1     2           layers of 1 to 12 tasks
 *     │╲   ╱│
 *     3  4  5  6  7           a task reads 1 to 3 others: the first of the layer above, further ones of the two layers above
 *      ╲ │ ╱   ╲  │
 *        8      9
 *
 * A random graph of `size` tasks, the same one for the same size. What nobody happens to read is an answer.
 */
export function layered(size: number): TaskGraph {
  const parents = draw(size, seeded(size));
  const sinks = sinksOf(parents);
  let weights: Weights[] | undefined;
  return {
    name: `layered-${size}`,
    size,
    parents,
    sinks,
    expected({ v, name }) {
      weights ??= sinks.map((sink) => weightsOf(sink, parents));
      return weights.map(({ factor, constant }): Output => ({ v: (Math.imul(factor, v) + constant) | 0, name }));
    },
  };
}

function draw(size: number, random: Random): number[][] {
  const upTo = (most: number) => 1 + Math.floor(random() * most);
  const parents: number[][] = [];
  // First tasks of the last two layers.
  let above = 0;
  let first = 0;
  while (parents.length < size) {
    const end = Math.min(size, parents.length + upTo(WIDTH_MAX));
    const next = parents.length;
    while (parents.length < end) parents.push(next === 0 ? [] : pick({ above, first, next }, upTo(PARENTS_MAX), random));
    above = first;
    first = next;
  }
  return parents;
}

/** Tasks of the layers [above, first) and [first, next), each at most once. */
function pick({ above, first, next }: { above: number; first: number; next: number }, count: number, random: Random): number[] {
  const picked = new Set([first + Math.floor(random() * (next - first))]);
  while (picked.size < Math.min(count, next - above)) picked.add(above + Math.floor(random() * (next - above)));
  return [...picked];
}

/** An output is `factor` times the input of the run, and `constant`. */
interface Weights {
  readonly factor: number;
  readonly constant: number;
}

/**
 * The body of a task is linear: 31 ** n and, for each of its n inputs, 31 to the number of inputs after it, times that input. So a sink is a sum over
 * all ways that lead to it. They are gone backwards from the sink, and no task is executed for it.
 */
function weightsOf(sink: number, parents: readonly (readonly number[])[]): Weights {
  const weights = new Int32Array(parents.length);
  weights[sink] = 1;
  let factor = 0;
  let constant = 0;
  for (let task = sink; task >= 0; task--) {
    const weight = weights[task]!;
    const from = parents[task]!;
    if (from.length === 0) {
      factor = (factor + Math.imul(weight, 31)) | 0;
      constant = (constant + Math.imul(weight, 31 * 31 + task)) | 0;
      continue;
    }
    let power = 1;
    for (const parent of from.toReversed()) {
      weights[parent]! += Math.imul(weight, power); // an Int32Array keeps 32 bits of the sum
      power = Math.imul(power, 31);
    }
    constant = (constant + Math.imul(weight, power)) | 0;
  }
  return { factor, constant };
}
