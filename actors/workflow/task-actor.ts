import type { Actor, ActorRef } from "../kernel/actor.js";
import type { SchedulerMessage, TaskMessage } from "../messages.js";
import type { Ports } from "../ports.js";
import { taskInput } from "./advance.js";
import type { ReadyTask } from "./run.js";

/** Runs attempts: hands over the inputs, has the handler called, takes the output. One a worker, reused for every task. */
export class TaskActor implements Actor<TaskMessage> {
  readonly #ports: Ports;
  readonly #scheduler: ActorRef<SchedulerMessage>;
  /** Start of each attempt that waits for a promise, in ms. */
  readonly #pendingSince = new Map<ReadyTask, number>();

  constructor(ports: Ports, scheduler: ActorRef<SchedulerMessage>) {
    this.#ports = ports;
    this.#scheduler = scheduler;
  }

  receive(message: TaskMessage): void {
    if (message.kind === "run-task") this.#start(message);
    else this.#settled(message.task, message.isOk, message.value);
  }

  #start(task: ReadyTask): void {
    const { run } = task;
    if (run.isOver) {
      this.#skip(task);
      return;
    }
    if (run.isGuest && !this.#enter(task)) return;
    const { watch, executor } = this.#ports;
    const startedAt = watch.boundary;
    const input = taskInput(task.scope, task.instance, task.node);
    const outcome = executor.start(task, input);
    const endedAt = watch.lap();
    if (outcome === "pending") this.#pend(task, startedAt, endedAt);
    else this.#ended(task, startedAt, endedAt, outcome === "returned", executor.value);
  }

  /** For a task of another worker's run: it is still wanted, all that it reads can be read here, and its answer has room. */
  #enter(task: ReadyTask): boolean {
    const { run } = task;
    const { presence, reports } = this.#ports;
    if (!presence.enter(run)) return this.#skip(task);
    if (run.space.needsHome(task.scope, task.instance)) reports.returned(run, task.scope, task.instance);
    else if (reports.reserve(run.home)) return true;
    else task.isHeld = true;
    presence.leave(run);
    return this.#skip(task);
  }

  /** Gives the attempt's place back. A task whose answer has no room yet goes back into the ready set. */
  #skip(task: ReadyTask): false {
    const ready = task.isHeld ? task : undefined;
    task.isHeld = false;
    this.#scheduler.tell({ kind: "task-done", task, ready });
    return false;
  }

  /** A handler that keeps holding its thread before it gives a promise is not overlapped: its place stays taken until it settles. */
  #pend(task: ReadyTask, startedAt: number, returnedAt: number): void {
    this.#pendingSince.set(task, startedAt);
    const handler = task.run.workflow.graph.handler[task.node] as number;
    task.run.workflow.observeCall(handler, returnedAt - startedAt);
    if (task.run.workflow.isBlocking(handler)) return;
    task.isPending = true;
    this.#scheduler.tell({ kind: "task-pending", task });
  }

  #settled(task: ReadyTask, isOk: boolean, value: unknown): void {
    const startedAt = this.#pendingSince.get(task) as number; // set by #pend
    this.#pendingSince.delete(task);
    this.#ended(task, startedAt, this.#ports.watch.lap(), isOk, value);
  }

  #ended(task: ReadyTask, startedAt: number, at: number, isOk: boolean, value: unknown): void {
    const { run } = task;
    const serviceMs = at - startedAt;
    this.#ports.latency.task(task, startedAt - task.readyAt, serviceMs);
    run.workflow.observe(task.node, serviceMs);
    run.tasks += 1;
    run.workMs += serviceMs;
    if (run.isShared) run.space.noteWork();
    run.actor.tell({ kind: "task-ended", task, isOk, value, at });
  }
}
