import type { ReadyTask } from "./workflow/ready-task.js";
import type { Run } from "./workflow/run.js";
import type { Scope } from "./workflow/scope.js";

/** How an attempt ended: with an output, or with what was thrown. */
export interface TaskEnded {
  readonly kind: "task-ended";
  readonly task: ReadyTask;
  readonly isOk: boolean;
  /** The output, or what was thrown. */
  readonly value: unknown;
  /** When, in ms. */
  readonly at: number;
}

/** To a workflow actor, or to the actor of guest runs. */
export type WorkflowMessage =
  /** The run begins: the workflow's input is known. */
  | { readonly kind: "start"; readonly input: unknown }
  | TaskEnded
  /** A guest of this run ended its last node. */
  | { readonly kind: "guest-ended-run" }
  /** A task of this run failed at a guest. */
  | {
      readonly kind: "guest-task-failed";
      readonly scope: Scope;
      readonly instance: number;
      readonly attempts: number;
      readonly error: unknown;
    }
  /** A guest brought a node to readiness that only the run's home can do. */
  | { readonly kind: "guest-returned"; readonly scope: Scope; readonly instance: number };

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

/** To the task actor: run an attempt, or the promise of one has settled. */
export type TaskMessage =
  | ReadyTask
  | { readonly kind: "settled"; readonly task: ReadyTask; readonly isOk: boolean; readonly value: unknown };

/** To the checkpoint actor. */
export type CheckpointMessage =
  /** A run has ended: with its result, or with the error that ended it. */
  | { readonly kind: "run-ended"; readonly run: Run; readonly isOk: boolean; readonly value: unknown; readonly at: number }
  /** Send on what has been gathered. */
  | { readonly kind: "flush" };
