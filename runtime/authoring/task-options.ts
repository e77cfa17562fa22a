import type { Duration, Size } from "./quantity.js";
import type { RefTo } from "./ref.js";

/**
 * How often and when a failed attempt is made again. An output that is no data or too large is never made again, and a task that
 * exhausts the heap of its thread is given two attempts at most.
 */
export interface Retry {
  /** Attempts in all, the first one included; 1 never repeats. @defaultValue 3 */
  attempts?: number;
  /** "exponential" doubles the delay after each attempt. @defaultValue "exponential" */
  backoff?: "fixed" | "exponential";
  /** Time between the first failure and the second attempt. @defaultValue "100ms" */
  delay?: Duration;
  /** Longest delay that the backoff may reach. @defaultValue "30s", or `delay` where that is longer */
  delayMax?: Duration;
  /** Each delay is drawn between half of it and all of it, so that tasks which failed together do not return together. @defaultValue true */
  jitter?: boolean;
  /**
   * Names or codes after which no further attempt is made: of what the handler threw (`error.name` or its class, `error.code`), or a
   * code of DataFlower's own such as "DF_TASK_TIMEOUT".
   * @defaultValue []
   */
  nonRetryable?: readonly string[];
}

/**
 * Options of every task of a workflow, where the task itself does not say otherwise.
 */
export interface TaskDefaults {
  /** Attempts in all, or all of the retry policy. Fields that are left out come from the workflow's defaults. @defaultValue 3 attempts */
  retry?: Retry | number;
  /**
   * Longest time of one attempt; `Infinity` for none. Beyond it the attempt has failed with DF_TASK_TIMEOUT: its signal aborts, or, where
   * it holds its thread, the thread is ended and replaced.
   * @defaultValue "5m"
   */
  timeout?: Duration;
  /** Longest time from the start of an attempt or its last heartbeat to the next one; `Infinity` for none. As `timeout`. @defaultValue Infinity */
  heartbeatTimeout?: Duration;
  /** Higher goes first, among tasks of a run under a scheduler that looks at it. An integer. @defaultValue 0 */
  priority?: number;
  /** How long an attempt will probably take; some schedulers need it. */
  estimate?: Duration;
  /**
   * Cores reserved while an attempt executes, in thousandths: it starts when they fit into the engine's `limits.cpusMax` beside what other
   * attempts have reserved. They are counted, not taken away from anybody. A task that says neither `cpus` nor `memory` reserves nothing
   * and never waits for those that do. @defaultValue none; to schedulers the task counts as one core
   */
  cpus?: number;
  /** Bytes reserved while an attempt executes, as `cpus`, of the engine's `limits.memoryMax`. @defaultValue none */
  memory?: Size;
  /**
   * Where the attempt executes. "threads": on a worker's thread. "process": in a process of its own, whose memory is capped by `memory` or
   * else by the engine's `limits.processMemoryMax`, and which is killed, at no cost to others, when it takes more (DF_TASK_OOM), when the
   * attempt takes too long, or when its run is over. It costs tens of ms to start a process and a fraction of one for each attempt after that.
   * @defaultValue "threads"
   */
  executor?: "threads" | "process";
  /**
   * "at-most-once" never repeats an attempt that was interrupted, with its thread or its process: the task ends as DF_OUTCOME_UNKNOWN. That it
   * begins is recorded first, which costs a commit. An attempt that fails by itself may be followed by others, as `retry` says.
   * @defaultValue "at-least-once"
   */
  delivery?: "at-least-once" | "at-most-once";
  /**
   * What it means that the last attempt has failed. "fail": the run fails, at once or when all else has ended, as `whenTaskFails` of the
   * workflow says. "skip-dependents": what depends on the task, by its data or by `after`, is skipped, and what depends on that; an
   * element of a map whose result would need it is left out of the list. The run completes, unless its own result needs it: then it
   * fails with the error of the first task that was given up.
   * @defaultValue "fail"
   */
  onFailure?: "fail" | "skip-dependents";
}

export interface TaskOptions<O> extends TaskDefaults {
  /**
   * Name of the task, unique in the workflow: 1 to 128 letters, digits, `.`, `_`, `-`, a letter or digit first.
   * @defaultValue the handler's name, with `-2`, `-3`… where it repeats; `task` for a function without a name
   */
  name?: string;
  /** Tasks that must have ended before this one starts although it reads nothing of theirs. */
  after?: readonly RefTo<unknown>[];
  /**
   * Stands in for the output when the last attempt failed: consumers get it and the run goes on, whatever `onFailure` says. Of a reduce:
   * for the output of each call. Data, not a ref.
   */
  fallback?: O;
}

export interface MapOptions {
  /** @defaultValue "map", with `-2`, `-3`… where it repeats */
  name?: string;
  /** Elements in progress at a time. @defaultValue all */
  concurrency?: number;
}

export interface ReduceOptions<O> extends TaskOptions<O> {
  /** Values that one call merges, at least 2. @defaultValue 2 */
  arity?: number;
}
