import type { ActorRef } from "../../actors/kernel/actor.js";
import type { WorkflowMessage } from "../../actors/messages.js";
import type { Tickets } from "../../actors/ports.js";
import { localSpace } from "../../actors/workflow/local-space.js";
import { ReadyTask, Run } from "../../actors/workflow/run.js";
import type { VirtualRun } from "./virtual-run.js";
import type { VirtualShared } from "./virtual-shared.js";

/** Takes tickets out of the virtual ready queue and makes runs and tasks of them, as TicketSource does. Stale ones are dropped. */
export class VirtualTickets implements Tickets {
  readonly #worker: number;
  readonly #shared: VirtualShared;
  /** Told when the worker has taken a ticket. */
  readonly #onTaken: () => void;
  /** Gets the ends of guest tasks. Set once, by whoever puts the parts together. */
  guestActor!: ActorRef<WorkflowMessage>;

  constructor(worker: number, shared: VirtualShared, onTaken: () => void) {
    this.#worker = worker;
    this.#shared = shared;
    this.#onTaken = onTaken;
  }

  take(): { run: Run; input: unknown } | ReadyTask | undefined {
    const { queue } = this.#shared;
    for (let ticket = queue.take(); ticket !== undefined; ticket = queue.take()) {
      this.#onTaken();
      queue.ringNext(this.#worker);
      const { run, task } = ticket;
      if (task === undefined) return this.#startRun(run);
      if (run.isOpen) return this.#taskOf(run, task);
    }
    return undefined;
  }

  #startRun(run: VirtualRun): { run: Run; input: unknown } {
    run.home = this.#run(run, this.#worker);
    return { run: run.home, input: undefined };
  }

  /** As this worker holds it. Unlike a thread it knows when the task became ready, not only when it was offered. */
  #taskOf(of: VirtualRun, { scope, instance, node, readyAt, attempt }: ReadyTask): ReadyTask {
    const home = of.home as Run; // only its home and its guests offer tasks
    const run = home.home === this.#worker ? home : this.#guestOf(of, home);
    const task = new ReadyTask(run, scope, instance, node, readyAt);
    task.attempt = attempt;
    return task;
  }

  #guestOf(of: VirtualRun, home: Run): Run {
    const known = of.guests.get(this.#worker);
    if (known !== undefined) return known;
    const run = this.#run(of, home.home);
    run.root = home.root;
    run.actor = this.guestActor;
    of.guests.set(this.#worker, run);
    return run;
  }

  /** Scopes stay where they are: every virtual worker may use them. */
  #run({ submitted, rank, runId }: VirtualRun, home: number): Run {
    const { workflow, order, submittedAt, priority, deadline } = submitted;
    const facts = { slot: order, epoch: 1, ownId: runId, order, rank, submittedAt, priority, deadline, fence: 1, pastBlock: 0 };
    const place = { workflow, home, isGuest: home !== this.#worker, idPrefix: "", past: undefined };
    return new Run(facts, place, this.#shared.makeReady<ReadyTask>(), localSpace);
  }
}
