/** A function of a workflow, as plans of its cost see it. */
export interface CostedFunction {
  readonly name: string;
  /** Time in ms that it waits for storage, for the network, for others: the same whatever its memory size is. */
  readonly ioMs: number;
  /** Processor time in ms of its one thread on a whole core. */
  readonly cpuMs: number;
  /** Most memory that it holds, in MB. */
  readonly peakMb: number;
  /** Positions in the list of functions of those that end before it starts. */
  readonly after: readonly number[];
}

/**
 * How long a function runs that has so much of a core: io + cpu ÷ share. More than one core are of no use to one thread.
 *
 * @param cores as by memory size: `sizeMb ÷ coreMb`
 */
export function runTimeMs({ ioMs, cpuMs }: CostedFunction, cores: number): number {
  return ioMs + cpuMs * Math.max(1, 1 / cores);
}

/** Positions such that each stands behind those that it waits for; undefined when some wait for each other. */
export function topologicalOrder(functions: readonly Pick<CostedFunction, "after">[]): readonly number[] | undefined {
  const missing = functions.map(({ after }) => new Set(after).size);
  const successors = successorsOf(functions);
  const order = missing.flatMap((count, position) => (count === 0 ? [position] : []));
  for (const position of order) {
    for (const successor of successors[position] as readonly number[]) {
      const left = (missing[successor] as number) - 1;
      missing[successor] = left;
      if (left === 0) order.push(successor);
    }
  }
  return order.length === functions.length ? order : undefined;
}

/** By position: those that wait for it, each once. */
export function successorsOf(functions: readonly Pick<CostedFunction, "after">[]): readonly (readonly number[])[] {
  const successors: number[][] = functions.map(() => []);
  functions.forEach(({ after }, position) => {
    for (const before of new Set(after)) successors[before]?.push(position);
  });
  return successors;
}
