import { DataFlowerError } from "../kernel/errors.js";
import type { FailureKind } from "./failure.js";
import { mayRetry, mayRetryCharged } from "./retry.js";
import type { ReadyTask } from "./run.js";
import type { TaskFact } from "./run-past.js";
import { outcomeUnknown } from "./task-failure.js";

/**
 * Gives a task what is known of it from before its run had this home. One that has returned, or that may have no further attempt, carries
 * its end with it instead of being executed; else its next attempt follows those that are used up.
 */
export function recallTask(task: ReadyTask): void {
  const { run, scope, instance } = task;
  const fact = run.past?.of(scope, instance);
  if (fact === undefined) return;
  const { codec } = run.past as NonNullable<typeof run.past>;
  if (fact.hasReturned) {
    end(task, "returned", fact.output === undefined ? undefined : codec.value(fact.output));
    return;
  }
  task.attempt = Math.max(1, fact.attempts);
  const refusal = refusalOf(task, fact);
  if (refusal !== undefined) {
    end(task, "lost", refusal);
    return;
  }
  const failure = fact.failure === undefined ? undefined : codec.failure(fact.failure);
  if (failure !== undefined && fact.charge === undefined && !mayRetry(run.workflow.graph.options(task.node), fact.attempts, failure)) {
    end(task, failure.kind, failure.error);
    return;
  }
  task.attempt = fact.attempts + 1;
  if (failure === undefined && fact.dueAt === 0) return;
  task.past = { heartbeat: failure?.heartbeat, end: undefined, dueAt: fact.dueAt };
  task.isPinned = true; // a ticket carries neither
}

/** Why the task has no further attempt although none of it has failed by itself. */
function refusalOf(task: ReadyTask, { started, attempts, charge, isParked, deaths }: TaskFact): DataFlowerError | undefined {
  const options = task.run.workflow.graph.options(task.node);
  const tries = Math.max(started, attempts);
  if (options.delivery === "at-most-once" && (charge !== undefined || started > attempts)) {
    return outcomeUnknown(task, charge?.cause, tries);
  }
  const { path, runId } = task;
  if (isParked) {
    const message = `Cannot finish ${path} as the process must outlive it: it died ${deaths} times meanwhile`;
    return new DataFlowerError("DF_TASK_CRASHES_PROCESS", message, { task: path, attempts: tries, runId });
  }
  if (charge === undefined || mayRetryCharged(options, charge)) return undefined;
  const details = { task: path, attempts, runId };
  return new DataFlowerError(charge.code, charge.message, charge.cause === undefined ? details : { ...details, cause: charge.cause });
}

function end(task: ReadyTask, outcome: "returned" | FailureKind, value: unknown): void {
  task.past = { heartbeat: undefined, end: { outcome, value }, dueAt: 0 };
  task.isPinned = true; // a ticket does not carry it
}
