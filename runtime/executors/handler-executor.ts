import type { ActorRef } from "../../actors/kernel/actor.js";
import type { DataFlowerError } from "../../actors/kernel/errors.js";
import type { TaskMessage } from "../../actors/messages.js";
import type { Executor, Heartbeat } from "../../actors/ports.js";
import type { ReadyTask } from "../../actors/workflow/run.js";
import type { UntypedHandler } from "../authoring/task-context.js";
import { failpoint } from "../faults/failpoint.js";
import { AttemptContext, type AttemptSurroundings } from "./attempt-context.js";
import { isThenable } from "./is-thenable.js";
import { type WaitingAttempt, WaitingAttempts } from "./waiting-attempts.js";

/** Tasks that are named to whoever looks for the one that left something behind. */
const recentTasksMax = 8;

/**
 * Calls handlers on this thread. A synchronous one pays for no promise; the end of an asynchronous one comes back as a message.
 *
 * What an attempt does after it has been given up cannot be stopped, only left unheard: the code behind its promise goes on until it
 * heeds its signal, and keeps what it holds until then. `unsettledCount` says how many such promises there are.
 */
export class HandlerExecutor implements Executor {
  value: unknown = undefined;
  /** Hears of promises that settle. Set once, by the composition root. */
  taskActor!: ActorRef<TaskMessage>;
  /** Promises of attempts that were given up, which have not settled. Those that nothing can settle any more stay in it. */
  unsettledCount = 0;
  readonly #surroundings: AttemptSurroundings;
  readonly #waiting = new WaitingAttempts();
  /** Held weakly: nothing is kept for the sake of a promise that may never settle. */
  readonly #givenUp = new WeakSet<AttemptContext>();
  #newest: AttemptContext | undefined;

  constructor(surroundings: AttemptSurroundings) {
    this.#surroundings = surroundings;
  }

  start(task: ReadyTask, input: unknown): "returned" | "threw" | "pending" {
    const { workflow } = task.run;
    const handler = workflow.handlers[workflow.graph.handler[task.node] as number] as UntypedHandler; // listed by listHandlers
    const context = new AttemptContext(task, this.#surroundings);
    this.#newest = context;
    try {
      const output = handler(input, context);
      failpoint("task.effect-done");
      this.value = output;
      if (!isThenable(output)) return "returned";
      this.#await(task, context, output);
      return "pending";
    } catch (error) {
      this.#forget(task); // a promise that throws when it is listened to
      this.value = error;
      return "threw";
    }
  }

  abort(task: ReadyTask, reason: DataFlowerError): void {
    const waiting = waitingOf(task);
    if (waiting === undefined) return; // it has settled, and the message is on its way
    const { context } = waiting;
    this.#forget(task);
    this.#givenUp.add(context);
    this.unsettledCount += 1;
    context.abort(reason);
  }

  lastHeartbeat(task: ReadyTask): Heartbeat | undefined {
    const context = waitingOf(task)?.context ?? (this.#newest?.task === task ? this.#newest : undefined);
    return context?.newestHeartbeat;
  }

  /** The newest task and those that wait, the newest first, as `RUN TASK`: whoever looks for what a task has left behind begins here. */
  recentTasks(): string[] {
    const waiting = this.#waiting.newest(recentTasksMax);
    const newest = this.#newest === undefined ? waiting : [this.#newest, ...waiting];
    return [...new Set(newest.map(({ task }) => task))].slice(0, recentTasksMax).map(({ runId, path }) => `${runId} ${path}`);
  }

  /** @returns false when the task waits for no promise */
  #forget(task: ReadyTask): boolean {
    const waiting = waitingOf(task);
    if (waiting === undefined) return false;
    task.waiting = undefined;
    this.#waiting.remove(waiting);
    return true;
  }

  /** A promise of the language settles once; of any other thenable it takes the first answer. */
  #await(task: ReadyTask, context: AttemptContext, promise: PromiseLike<unknown>): void {
    task.waiting = this.#waiting.add(context);
    Promise.resolve(promise).then(
      (value) => this.#settled(task, context, true, value),
      (value: unknown) => this.#settled(task, context, false, value),
    );
  }

  #settled(task: ReadyTask, context: AttemptContext, isOk: boolean, value: unknown): void {
    if (this.#forget(task)) {
      this.taskActor.tell({ kind: "settled", task, isOk, value, heartbeat: context.newestHeartbeat?.details });
    } else if (this.#givenUp.delete(context)) this.unsettledCount -= 1;
  }
}

/** What `ReadyTask.waiting` holds: nobody else writes it. */
const waitingOf = (task: ReadyTask): WaitingAttempt | undefined => task.waiting as WaitingAttempt | undefined;
