import type { DataFlowerError } from "../kernel/errors.js";

/**
 * How an attempt failed.
 *
 * - `threw`: its handler threw or rejected; the error is DF_TASK_FAILED, with what was thrown as its cause
 * - `timed-out`: it took longer than its `timeout`, or gave no sign of life for its `heartbeatTimeout`: DF_TASK_TIMEOUT
 * - `crashed`: the process of its own that it had has ended with it in hand, or could not be used: DF_WORKER_LOST, DF_TASK_OOM,
 *   DF_FRAME_CORRUPT, and what loading its module there raises
 * - `lost`: its thread ended with it in hand, as often as is allowed: DF_TASK_TIMEOUT, DF_TASK_OOM, DF_WORKER_LOST
 * - `refused`: its output is no data or too large: DF_UNSERIALIZABLE, DF_RESULT_TOO_LARGE
 * - `unscheduled`: the scheduler that held it broke its contract or sheds it, and it was not started: DF_SCHEDULER_FAILED,
 *   DF_DEADLINE_MISSED. The run ends with it, whatever the task's options say
 */
export type FailureKind = "threw" | "timed-out" | "crashed" | "lost" | "refused" | "unscheduled";

export interface Failure {
  readonly kind: FailureKind;
  readonly error: DataFlowerError;
  /** Details of the attempt's last heartbeat, for the next attempt; undefined when there was none. */
  readonly heartbeat: unknown;
}
