import type { Actor, ActorRef } from "../kernel/actor.js";
import type { SchedulerMessage, TaskEnded, WorkflowMessage } from "../messages.js";
import type { Ports } from "../ports.js";
import type { Advance } from "./advance.js";
import type { ReadyTask } from "./run.js";
import { inTask, taskFailure } from "./task-failure.js";

/**
 * Ends the tasks that this worker executes for runs of other workers: puts the output into shared memory, makes successors ready
 * and keeps them, and tells the home only what the home has to act on. One a worker, for all its guest runs.
 */
export class GuestActor implements Actor<WorkflowMessage> {
  readonly #ports: Ports;
  readonly #advance: Advance;
  readonly #scheduler: ActorRef<SchedulerMessage>;

  constructor(ports: Ports, advance: Advance, scheduler: ActorRef<SchedulerMessage>) {
    this.#ports = ports;
    this.#advance = advance;
    this.#scheduler = scheduler;
  }

  receive(message: WorkflowMessage): void {
    if (message.kind !== "task-ended") return; // everything else goes to a run's home
    const { run } = message.task;
    this.#ports.reports.release(run.home);
    const ready = this.#end(message);
    this.#ports.presence.leave(run);
    this.#scheduler.tell({ kind: "task-done", task: message.task, ready });
  }

  #end({ task, isOk, value, at }: TaskEnded): ReadyTask | undefined {
    if (!isOk) {
      this.#ports.reports.taskFailed(task, taskFailure(task.path, task.attempt, value, task.runId));
      return undefined;
    }
    this.#advance.begin(task.run, at);
    try {
      task.scope.memory.put(task.instance, value, this.#ports.outputBytesMax);
      this.#advance.nodeEnded(task.scope, task.instance);
    } catch (error) {
      this.#ports.reports.taskFailed(task, inTask(error, task.path, task.attempt, task.runId));
      return undefined;
    }
    for (const { scope, instance } of this.#advance.forHome) this.#ports.reports.returned(task.run, scope, instance);
    if (this.#advance.isRunEnded) this.#ports.reports.runEnded(task.run);
    return this.#advance.first;
  }
}
