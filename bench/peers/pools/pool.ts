/** A pool of threads that knows functions by name: one message there, one back. */
export interface Pool<Input, Output> {
  execute(input: Input): PromiseLike<Output>;
  close(): Promise<unknown>;
}

export interface PoolSetting {
  readonly threads: number;
  /** What its threads load. */
  readonly file: URL;
  /** Of the function there. */
  readonly name: string;
}

export type OpenPool = <Input, Output>(setting: PoolSetting) => Pool<Input, Output>;
