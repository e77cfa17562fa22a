import { DataFlowerError } from "../kernel/errors.js";
import { thrownText } from "../kernel/thrown-text.js";
import type { Failure, FailureKind } from "./failure.js";
import type { ReadyTask, TaskEnded } from "./run.js";

/** The failure that ended an attempt. Its error says all that the error of the run has to say when this was the last attempt. */
export function failureOf(kind: FailureKind, { task, value, heartbeat }: TaskEnded): Failure {
  const { path, attempt, runId } = task;
  if (isInterruption(kind, task)) return { kind: "lost", error: outcomeUnknown(task, value, attempt), heartbeat };
  const error = kind === "threw" ? taskFailure(path, attempt, value, runId) : inTask(value, path, attempt, runId);
  return { kind, error, heartbeat: heartbeat === undefined ? task.past?.heartbeat : heartbeat };
}

/** Whether it ended in the midst of what it did, and must not be repeated: its process has died, or was killed when its time was over. */
function isInterruption(kind: FailureKind, { run, node }: ReadyTask): boolean {
  if (!run.workflow.isOnce(node)) return false;
  return kind === "crashed" || (kind === "timed-out" && run.workflow.isInProcess(node));
}

/** @param cause what ended the attempt */
export function outcomeUnknown({ path, runId }: ReadyTask, cause: unknown, attempts: number): DataFlowerError {
  const message = `Cannot finish ${path} as attempt ${attempts} must not be repeated: it was interrupted, and what it has done is not known`;
  const details = { task: path, attempts, runId };
  return new DataFlowerError("DF_OUTCOME_UNKNOWN", message, cause === undefined ? details : { ...details, cause });
}

/** The failure of an attempt whose output could not be put, by what putting it threw. */
export function refusal(task: ReadyTask, thrown: unknown): Failure {
  return { kind: "refused", error: inTask(thrown, task.path, task.attempt, task.runId), heartbeat: undefined };
}

/** The error of a task whose handler threw, by what it threw. Never throws, whatever that was. */
export function taskFailure(task: string, attempts: number, thrown: unknown, runId: string): DataFlowerError {
  const tries = attempts === 1 ? "" : ` after ${attempts} attempts`;
  const message = `Cannot finish ${task}${tries} as its handler must return: it threw ${thrownText(thrown)}`;
  return new DataFlowerError("DF_TASK_FAILED", message, { cause: thrown, task, attempts, runId });
}

/** An error of the runtime's own about a task (its output is not data, it took too long) keeps its code; all else is our mistake. */
export function inTask(error: unknown, task: string, attempts: number, runId: string): DataFlowerError {
  if (!(error instanceof DataFlowerError)) throw error;
  const details = { task: error.task ?? task, attempts: error.attempts ?? attempts, runId };
  return new DataFlowerError(error.code, error.message, "cause" in error ? { ...details, cause: error.cause } : details);
}
