import type { Actor, ActorRef } from "../kernel/actor.js";
import type { CheckpointMessage, SchedulerMessage, TaskEnded, WorkflowMessage } from "../messages.js";
import type { Ports } from "../ports.js";
import { type Advance, holdsInputs } from "./advance.js";
import type { Failure } from "./failure.js";
import type { ReadyTask, TaskCommitted } from "./run.js";
import { failureOf, refusal } from "./task-failure.js";

/** Whom the guest actor tells. */
export interface GuestActorRefs {
  readonly scheduler: Pick<ActorRef<SchedulerMessage>, "tell">;
  readonly checkpoint: Pick<ActorRef<CheckpointMessage>, "tell">;
  readonly self: Pick<ActorRef<WorkflowMessage>, "tell">;
}

/**
 * Ends the attempts that this worker executes for runs of other workers: puts the output into shared memory, makes successors ready
 * and keeps them, and tells the home only what the home has to act on: what a failure means is decided there. One a worker, for all
 * its guest runs.
 *
 * What has returned is recorded here. Until that is as durable as it has to be the worker stays inside of the run, and keeps room for
 * what it will have to tell the home.
 */
export class GuestActor implements Actor<WorkflowMessage> {
  readonly #ports: Ports;
  readonly #advance: Advance;
  readonly #refs: GuestActorRefs;

  constructor(ports: Ports, advance: Advance, refs: GuestActorRefs) {
    this.#ports = ports;
    this.#advance = advance;
    this.#refs = refs;
  }

  receive(message: WorkflowMessage): void {
    if (message.kind === "task-ended") this.#taskEnded(message);
    else if (message.kind === "task-committed") this.#committed(message); // everything else goes to a run's home
  }

  #taskEnded(ended: TaskEnded): void {
    const { reports, presence } = this.#ports;
    const { task, at } = ended;
    const { run } = task;
    const failure = ended.outcome === "returned" ? this.#put(task, ended.value) : failureOf(ended.outcome, ended);
    let ready: ReadyTask | undefined;
    if (failure !== undefined || !this.#mustWait(task)) {
      reports.release(run.home);
      if (failure === undefined) ready = this.#goOn(endOf(task), at);
      else reports.taskFailed(task, failure);
      presence.leave(run);
    }
    this.#refs.scheduler.tell({ kind: "task-done", task, ready });
  }

  /** Records that the task has returned; true when what depends on it has to wait until that is durable. */
  #mustWait(task: ReadyTask): boolean {
    const { journal } = this.#ports;
    if (!journal.records(task.run, task.node)) return false;
    const batch = journal.returned(task);
    if (!journal.isStrict || journal.isDurable(batch)) return false;
    const end = endOf(task);
    this.#refs.checkpoint.tell({ kind: "recorded", batch, goOn: () => void this.#refs.self.tell(end) });
    return true;
  }

  #committed(end: TaskCommitted): void {
    const { reports, presence, watch } = this.#ports;
    const { run } = end;
    reports.release(run.home);
    const ready = run.isOver ? undefined : this.#goOn(end, watch.boundary);
    presence.leave(run);
    if (ready !== undefined) this.#refs.scheduler.tell({ kind: "tasks-ready", ready });
  }

  /** @returns what has become ready */
  #goOn({ run, scope, instance, hasInputs }: TaskCommitted, at: number): ReadyTask | undefined {
    const { reports } = this.#ports;
    this.#advance.begin(run, at);
    this.#advance.taskEnded(scope, instance, hasInputs);
    for (const home of this.#advance.forHome) reports.returned(run, home.scope, home.instance);
    if (this.#advance.isRunEnded) reports.runEnded(run);
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

function endOf({ run, scope, instance, node }: ReadyTask): TaskCommitted {
  return { kind: "task-committed", run, scope, instance, hasInputs: holdsInputs(run.workflow, node), error: undefined };
}
