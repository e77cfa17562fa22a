/**
 * The neutral description of a task graph from which every contender is made, and the function that all its tasks run.
 *
 * A task without parents reads the input of the run and its own number; any other reads the outputs of its parents, in the order of `parents`. The answer
 * of a run is the outputs of its sinks, in order. All arithmetic is on 32-bit integers, so every contender gives the same answer, bit by bit.
 */

/** Output of every task, and the input of every run. */
export interface Output {
  readonly v: number;
  readonly name: string;
}

export interface TaskGraph {
  /** Such as `stencil-100`. */
  readonly name: string;
  readonly size: number;
  /** Parents of each task; a parent has a lower index than its children. */
  readonly parents: readonly (readonly number[])[];
  /** Tasks whose output nobody reads. */
  readonly sinks: readonly number[];
  /** What its tasks run where that is not {@link step}; DataFlower's synchronous tasks and the durable contenders do. */
  readonly body?: (inputs: readonly Output[]) => Output;
  /** The answer found another way than by executing task after task along `parents`: by a plain loop that knows the shape, where it has one. */
  expected(input: Output): Output[];
}

/** What a task without parents reads. Its number is in it so that no two columns of a graph give the same outputs: one in the other's place is seen. */
export function sourceInputs<T>(task: number, input: T): [T, Output] {
  return [input, { v: task, name: "task" }];
}

/** The body of nearly every task. It depends on the order of its inputs, so that two swapped edges give another answer. */
export function step(inputs: readonly Output[]): Output {
  let v = 1;
  for (let k = 0; k < inputs.length; k++) v = (Math.imul(v, 31) + inputs[k]!.v) | 0;
  return { v, name: inputs[0]!.name };
}

/** The same body as a handler that gives a promise. */
export async function stepAsync(inputs: readonly Output[]): Promise<Output> {
  return step(inputs);
}

/** Tasks that no other reads. */
export function sinksOf(parents: readonly (readonly number[])[]): number[] {
  const read = new Set(parents.flat());
  return parents.map((_, task) => task).filter((task) => !read.has(task));
}

/** Tasks that read each task, in order. */
export function childrenOf({ size, parents }: Pick<TaskGraph, "size" | "parents">): number[][] {
  const children = Array.from({ length: size }, (): number[] => []);
  for (const [task, from] of parents.entries()) for (const parent of from) children[parent]!.push(task);
  return children;
}
