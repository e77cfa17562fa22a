/** One attempt that was executed. */
export interface TaskRecord {
  /** Name of the task with the positions of map elements, such as `resize[3]`. */
  readonly path: string;
  /** Name of the task in its graph. */
  readonly name: string;
  /** Which try of the task it was; the first one is 1. */
  readonly attempt: number;
  readonly worker: number;
  /** In ms from the submission of the run. Workers agree on the time as far as their clocks do: within microseconds. */
  readonly startedAt: number;
  readonly endedAt: number;
  /** What the handler did. One whose output is refused, as it is not data or too large, has returned all the same. */
  readonly outcome: "returned" | "failed";
  /** Of a call of a reduce: the length of the list that it goes over. */
  readonly listLength?: number;
}
