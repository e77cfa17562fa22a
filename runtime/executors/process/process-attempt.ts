import type { DataFlowerError } from "../../../actors/kernel/errors.js";
import type { Heartbeat } from "../../../actors/ports.js";
import type { ReadyTask } from "../../../actors/workflow/run.js";

/** Whoever executes an attempt. */
export interface Executing {
  /** It is given up. */
  abort(reason: DataFlowerError): void;
}

/** An attempt from the moment that it is queued for a child until it has ended. What `ReadyTask.waiting` holds. */
export class ProcessAttempt {
  readonly task: ReadyTask;
  /** When it was queued, in ms. */
  readonly queuedAt: number;
  /** Encoded; nothing once a child has it. */
  input: Uint8Array;
  /** Whose turn it is; undefined: it waits for one. */
  child: Executing | undefined = undefined;
  newest: Heartbeat | undefined = undefined;

  constructor(task: ReadyTask, input: Uint8Array, queuedAt: number) {
    this.task = task;
    this.input = input;
    this.queuedAt = queuedAt;
  }
}
