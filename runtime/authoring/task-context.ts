/** Where a task writes what a person should read. Lines carry the run, the task and the attempt. */
export interface TaskLog {
  debug(message: string, fields?: Readonly<Record<string, unknown>>): void;
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
  error(message: string, fields?: Readonly<Record<string, unknown>>): void;
}

/** What a handler is told about the attempt that it makes. Members are made when they are first read; what is not read costs nothing. */
export interface TaskContext {
  /** Id of the run. */
  readonly runId: string;
  /** Path of the task in its run, such as `resize[3]`. */
  readonly taskId: string;
  /** Which try of the task this is; the first one is 1. A run that is begun again counts anew, under a higher `fence`. */
  readonly attempt: number;
  /** The same in every attempt of this task of this run, and different for every other task: hand it to services that repeat nothing twice. */
  readonly idempotencyKey: string;
  /**
   * Grows each time that the run is begun again elsewhere, as after the loss of a thread: a service that remembers the highest one can
   * refuse an attempt that was given up.
   */
  readonly fence: number;
  /**
   * Aborts when the attempt is given up, as it is over time or its run has ended; `signal.reason` is the error. What the attempt does or
   * returns from then on is dropped, but its code goes on: hand the signal to whatever it waits for. A handler that holds its thread
   * hears nothing of it; its thread is ended instead, unless it returns before that. When the engine is closed, code has half a second from then on.
   */
  readonly signal: AbortSignal;
  /**
   * Says that the attempt is alive; resets `heartbeatTimeout`.
   *
   * @param details data that the next attempt finds in `lastHeartbeat`, should this one fail; a copy is kept
   * @throws DF_UNSERIALIZABLE when they are no data
   */
  heartbeat(details?: unknown): void;
  /** Details of the last heartbeat of the attempt before; undefined in the first one, and where that one gave none or ended with its thread. */
  readonly lastHeartbeat: unknown;
  /** A heartbeat that shows how far the attempt is: `done` of `total` steps, whatever a step is. Its details are `{ done, total }`. */
  progress(done: number, total?: number): void;
  readonly log: TaskLog;
}

/**
 * The body of a task: a plain function of its input. Synchronous handlers pay for no promise.
 * The same function object in two tasks is one handler.
 */
export type Handler<I, O> = (input: I, context: TaskContext) => O | Promise<O>;

/** A handler as the runtime calls it: what it takes and returns was checked when the workflow was compiled by TypeScript. */
export type UntypedHandler = (input: unknown, context: TaskContext) => unknown;
