import type { Actor, ActorRef } from "../kernel/actor.js";
import type { SchedulerMessage, TaskEnded, WorkflowMessage } from "../messages.js";
import type { Ports } from "../ports.js";
import { type Advance, holdsInputs } from "./advance.js";
import type { Failure } from "./failure.js";
import type { ReadyTask } from "./run.js";
import { failureOf, refusal } from "./task-failure.js";

/**
 * Ends the attempts that this worker executes for runs of other workers: puts the output into shared memory, makes successors ready
 * and keeps them, and tells the home only what the home has to act on: what a failure means is decided there. One a worker, for all
 * its guest runs.
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

  #end(ended: TaskEnded): ReadyTask | undefined {
    const { task } = ended;
    const failure = ended.outcome === "returned" ? this.#put(task, ended.value) : failureOf(ended.outcome, ended);
    if (failure !== undefined) {
      this.#ports.reports.taskFailed(task, failure);
      return undefined;
    }
    this.#advance.begin(task.run, ended.at);
    this.#advance.taskEnded(task.scope, task.instance, holdsInputs(task.run.workflow, task.node));
    for (const { scope, instance } of this.#advance.forHome) this.#ports.reports.returned(task.run, scope, instance);
    if (this.#advance.isRunEnded) this.#ports.reports.runEnded(task.run);
    return this.#advance.first;
  }

  /** @returns why the output was refused */
  #put(task: ReadyTask, output: unknown): Failure | undefined {
    try {
      task.scope.memory.put(task.instance, output, this.#ports.outputBytesMax);
      return undefined;
    } catch (error) {
      return refusal(task, error);
    }
  }
}
