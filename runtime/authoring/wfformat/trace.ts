/** A recorded execution of a workflow, whatever version of WfFormat it was read from. */
export interface Trace {
  /** Any text: see idFrom() for the name of a workflow. */
  readonly name: string;
  /** Of the format, such as `"1.5"`. */
  readonly version: string;
  /** In the order of the file, which need not be one in which they can run. */
  readonly tasks: readonly TraceTask[];
}

/** Recorded memory is no part of it: some recorders wrote kB where the format says bytes, and nothing in a file tells. */
export interface TraceTask {
  /** Unique in the trace; any text. */
  readonly id: string;
  readonly name: string;
  /** What tasks of one kind have in common. */
  readonly category: string;
  /** Tasks that end first, by position: distinct, in the order of the file's own list. No task waits for itself. */
  readonly parents: readonly number[];
  /** As recorded, from 0 to {@link runtimeMsMax}. */
  readonly runtimeMs: number;
  /** Recorded number of cores, which may be a fraction; 1 where there is none. */
  readonly cores: number;
  /** Sum over the files that the task reads; a file whose size is not recorded counts as 0. */
  readonly inputBytes: number;
}

/** Ten years, as for every duration of a task. */
export const runtimeMsMax = 3_650 * 24 * 3_600_000;

/** Number of pairs of a task and one of its parents. */
export const edgeCount = (trace: Trace): number => trace.tasks.reduce((sum, { parents }) => sum + parents.length, 0);

/** Positions of the tasks that are nobody's parent, in the order of the file. */
export function leavesOf(trace: Trace): number[] {
  const isParent = new Uint8Array(trace.tasks.length);
  for (const { parents } of trace.tasks) for (const parent of parents) isParent[parent] = 1;
  return trace.tasks.flatMap((_, position) => (isParent[position] === 1 ? [] : [position]));
}
