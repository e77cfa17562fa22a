import { DataFlowerError } from "../kernel/errors.js";
import { mayRetryCharged } from "./retry.js";
import type { ReadyTask } from "./run.js";

/**
 * Counts the attempts of a task that ended with their threads: its next attempt follows them, or, when none is left, it carries the
 * failure that it ends with instead of being started.
 */
export function chargeTask(task: ReadyTask): void {
  const { run, scope, instance, path, runId } = task;
  const charge = run.charges?.of(scope, instance);
  if (charge === undefined) return;
  const { attempts, code, message, cause } = charge;
  if (mayRetryCharged(run.workflow.graph.options(task.node), charge)) {
    task.attempt = attempts + 1;
    return;
  }
  task.attempt = attempts;
  const details = { task: path, attempts, runId };
  const error = new DataFlowerError(code, message, cause === undefined ? details : { ...details, cause });
  task.past = { heartbeat: undefined, failure: { kind: "lost", error } };
  task.isPinned = true; // a ticket does not carry the failure
}
