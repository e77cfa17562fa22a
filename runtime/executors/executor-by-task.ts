import type { DataFlowerError } from "../../actors/kernel/errors.js";
import type { Executor, Heartbeat } from "../../actors/ports.js";
import type { ReadyTask } from "../../actors/workflow/run.js";

/** Hands each task to the executor that its options ask for. */
export class ExecutorByTask implements Executor {
  readonly #threads: Executor;
  readonly #processes: Executor;

  /** @param processes never ends an attempt at once, and so has no `value` */
  constructor(threads: Executor, processes: Executor) {
    this.#threads = threads;
    this.#processes = processes;
  }

  get value(): unknown {
    return this.#threads.value;
  }

  start(task: ReadyTask, input: unknown): "returned" | "threw" | "pending" | "queued" {
    return this.#of(task).start(task, input);
  }

  abort(task: ReadyTask, reason: DataFlowerError): void {
    this.#of(task).abort(task, reason);
  }

  lastHeartbeat(task: ReadyTask): Heartbeat | undefined {
    return this.#of(task).lastHeartbeat(task);
  }

  #of(task: ReadyTask): Executor {
    return task.run.workflow.isInProcess(task.node) ? this.#processes : this.#threads;
  }
}
