import type { DataFlowerError } from "./kernel/errors.js";
import type { ReadyTask, Run } from "./workflow/run.js";

export type { TaskEnded, WorkflowMessage } from "./workflow/run.js";

/** To a scheduler actor. */
export type SchedulerMessage =
  /** There may be tickets in the ready queue. */
  | { readonly kind: "look" }
  /** An attempt has ended and its place is free; `ready` lists what became ready by it. */
  | { readonly kind: "task-done"; readonly task: ReadyTask; readonly ready: ReadyTask | undefined }
  /** The attempt waits for a promise: another may start beside it. */
  | { readonly kind: "task-pending"; readonly task: ReadyTask }
  | { readonly kind: "tasks-ready"; readonly ready: ReadyTask | undefined }
  /** Drop what is left of the run. */
  | { readonly kind: "run-over"; readonly run: Run };

/** To the task actor. */
export type TaskMessage =
  /** Run an attempt. */
  | ReadyTask
  /** The promise of one has settled. */
  | {
      readonly kind: "settled";
      readonly task: ReadyTask;
      readonly isOk: boolean;
      readonly value: unknown;
      /** Details of its last heartbeat. */
      readonly heartbeat: unknown;
    }
  /** An attempt that was queued has its turn: its time begins now. */
  | { readonly kind: "begun"; readonly task: ReadyTask }
  /** One that was queued has ended, and not by what its handler did. */
  | {
      readonly kind: "broken";
      readonly task: ReadyTask;
      readonly outcome: "crashed" | "refused";
      readonly error: DataFlowerError;
      /** Details of its last heartbeat. */
      readonly heartbeat: unknown;
    }
  /** Hand the task to the scheduler for its next attempt, at `dueAt` in ms. */
  | { readonly kind: "retry"; readonly task: ReadyTask; readonly dueAt: number }
  /** Time has come to look at what is due. */
  | { readonly kind: "tick" }
  /** Give up what waits of a run that is over: pending attempts are aborted, further attempts are not made. */
  | { readonly kind: "run-over"; readonly run: Run; readonly reason: DataFlowerError };

/** To the checkpoint actor. */
export type CheckpointMessage =
  /** A run has ended: with its result, or with the error that ended it. */
  | { readonly kind: "run-ended"; readonly run: Run; readonly isOk: boolean; readonly value: unknown; readonly at: number }
  /** Something has been recorded: once that is durable, `goOn` is called. */
  | { readonly kind: "recorded"; readonly batch: number; readonly goOn: () => void }
  /** More of what was recorded may be durable. */
  | { readonly kind: "look" }
  /** Send on what has been gathered. */
  | { readonly kind: "flush" };
