import { DataFlowerError } from "../kernel/errors.js";

/** The error of a run whose task failed for good, by what its handler threw. Never throws, whatever that was. */
export function taskFailure(task: string, attempts: number, thrown: unknown, runId: string): DataFlowerError {
  const message = `Cannot finish ${task} as its handler must return: it threw ${describe(thrown)}`;
  return new DataFlowerError("DF_TASK_FAILED", message, { cause: thrown, task, attempts, runId });
}

/** An error of the runtime's own about a task (its output is not data, its list is no list) keeps its code; all else is our mistake. */
export function inTask(error: unknown, task: string | undefined, attempts: number | undefined, runId: string): DataFlowerError {
  if (!(error instanceof DataFlowerError)) throw error;
  return new DataFlowerError(error.code, error.message, { cause: error.cause, task: error.task ?? task, attempts, runId });
}

function describe(thrown: unknown): string {
  try {
    if (thrown instanceof Error) return `${thrown.name}: ${thrown.message}`.slice(0, 500);
    return typeof thrown === "string" ? JSON.stringify(thrown).slice(0, 500) : String(thrown).slice(0, 500);
  } catch {
    return "a value that cannot be printed";
  }
}
