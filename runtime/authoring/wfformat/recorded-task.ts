/** A task as every version records it; others are still named by their ids. */
export interface RecordedTask {
  /** Its place in the file, a JSON pointer. */
  readonly path: string;
  readonly id: string;
  readonly name: string;
  readonly category: string | undefined;
  readonly program: string | undefined;
  /** undefined: the task does not say. */
  readonly parents: readonly string[] | undefined;
  readonly children: readonly string[] | undefined;
  readonly runtimeSeconds: number | undefined;
  readonly cores: number | undefined;
  readonly inputBytes: number;
}

export interface Command {
  readonly program?: string;
}
