import type { Actor, ActorRef } from "../kernel/actor.js";
import { DataFlowerError } from "../kernel/errors.js";
import { copyCanonical } from "../kernel/value.js";
import type { CheckpointMessage, SchedulerMessage, TaskEnded, TaskMessage, WorkflowMessage } from "../messages.js";
import type { Ports } from "../ports.js";
import { type Advance, dropResult, holdsInputs, lacksResult, resultAssembler } from "./advance.js";
import type { Failure } from "./failure.js";
import { LocalMemory } from "./local-memory.js";
import { RegionShape } from "./region-shape.js";
import { mayRetry, retryDelayMs } from "./retry.js";
import { ReadyTask, type Run } from "./run.js";
import { Scope } from "./scope.js";
import { failureOf, refusal } from "./task-failure.js";

/** What the workflow actors of one worker have in common. */
export interface WorkflowParts {
  readonly ports: Ports;
  readonly advance: Advance;
  readonly scheduler: ActorRef<SchedulerMessage>;
  readonly taskActor: Pick<ActorRef<TaskMessage>, "tell">;
  readonly checkpoint: ActorRef<CheckpointMessage>;
}

/** An attempt that failed, here or at a guest. */
interface FailedAttempt {
  readonly scope: Scope;
  readonly instance: number;
  readonly attempt: number;
  readonly failure: Failure;
  /** When the failure became known, in ms. */
  readonly at: number;
}

/**
 * Executes one run at its home: counts missing inputs, hands ready tasks to the scheduler, decides what failures mean, ends the run.
 *
 *            start            last node ended, and the result can be made
 *   (new) ──────────▶ RUNNING ───────────────────────────────────────────▶ OVER, completed
 *                     │  │  └── last node ended, and it cannot be made,
 *                     │  │      or a task was given up that it needs ────▶ OVER, failed
 *                     │  └───── a task was given up that stops all ──────▶ OVER, failed
 *                     └──────── taken away ──────────────────────────────▶ OVER, discarded: its end is told to nobody
 *
 * A failed attempt is followed by another one, where the task's options allow it. Else the task is given up: its fallback takes the
 * place of the output, or its dependents are skipped, or the run fails, now or when all else has ended. A task that its scheduler has
 * not given is followed by nothing: the run fails.
 *
 * OVER is final. Attempts that end later only give their place back to the scheduler.
 */
export class WorkflowActor implements Actor<WorkflowMessage> {
  readonly #parts: WorkflowParts;
  readonly #run: Run;
  /** Of the first task that was given up although the run needs it. */
  #failed: DataFlowerError | undefined;
  /** Of the first task that was given up and that the run needs only where its result does. */
  #skipped: DataFlowerError | undefined;

  constructor(parts: WorkflowParts, run: Run) {
    this.#parts = parts;
    this.#run = run;
  }

  receive(message: WorkflowMessage): void {
    if (message.kind === "task-ended") this.#taskEnded(message);
    else if (message.kind === "taken-away") this.#discard();
    else if (this.#run.isOver) return;
    else if (message.kind === "start") this.#start(message.input);
    else if (message.kind === "guest-ended-run") this.#end(this.#parts.ports.watch.lap());
    else if (message.kind === "guest-task-failed") this.#guestTaskFailed(message);
    else this.#returned(message.scope, message.instance);
  }

  #start(input: unknown): void {
    const { ports, advance } = this.#parts;
    const run = this.#run;
    run.startedAt = ports.watch.boundary;
    const shape = new RegionShape(run.workflow.graph, 0, 1, 0);
    run.root = new Scope(run.workflow, shape, undefined, -1, new LocalMemory(shape));
    run.root.memory.putOwned(0, input);
    if (ports.sharing.sharesAtStart) ports.sharing.share(run); // where there is no room it stays in the heap
    advance.begin(run, run.submittedAt);
    advance.startElement(run.root, 0);
    this.#moveOn(run.submittedAt);
  }

  #taskEnded(ended: TaskEnded): void {
    const { advance, scheduler } = this.#parts;
    const { task, at } = ended;
    const run = this.#run;
    if (run.isOver) {
      scheduler.tell({ kind: "task-done", task, ready: undefined });
      return;
    }
    advance.begin(run, at);
    const failure = ended.outcome === "returned" ? this.#put(task, ended.value) : failureOf(ended.outcome, ended);
    if (failure === undefined) advance.taskEnded(task.scope, task.instance, holdsInputs(run.workflow, task.node));
    else this.#attemptFailed({ scope: task.scope, instance: task.instance, attempt: task.attempt, failure, at });
    this.#giveUpBroken();
    scheduler.tell({ kind: "task-done", task, ready: run.isOver ? undefined : advance.first });
    if (advance.isRunEnded) this.#end(at);
  }

  /** @returns why the output was refused */
  #put(task: ReadyTask, output: unknown): Failure | undefined {
    try {
      task.scope.memory.put(task.instance, output, this.#parts.ports.outputBytesMax);
      return undefined;
    } catch (error) {
      return refusal(task, error);
    }
  }

  #guestTaskFailed({ scope, instance, attempt, failure }: Extract<WorkflowMessage, { kind: "guest-task-failed" }>): void {
    const at = this.#parts.ports.clock.nowMs();
    this.#parts.advance.begin(this.#run, at);
    this.#attemptFailed({ scope, instance, attempt, failure, at });
    this.#moveOn(at);
  }

  /** What becomes ready by a node that a guest has returned stays here: it may read what only the home can read. */
  #returned(scope: Scope, instance: number): void {
    const { advance, ports } = this.#parts;
    advance.begin(this.#run, ports.watch.boundary);
    advance.becomeReady(scope, instance);
    for (let task = advance.first; task !== undefined; task = task.next) task.isPinned = true;
    this.#moveOn(ports.watch.boundary);
  }

  /** Hands on what an event outside of this worker's tasks has made ready. */
  #moveOn(at: number): void {
    const { advance, scheduler } = this.#parts;
    this.#giveUpBroken();
    if (this.#run.isOver) return;
    if (advance.first !== undefined) scheduler.tell({ kind: "tasks-ready", ready: advance.first });
    if (advance.isRunEnded) this.#end(at);
  }

  #attemptFailed(failed: FailedAttempt): void {
    const { scope, instance, attempt, failure } = failed;
    if (failure.kind === "unscheduled") {
      this.#fail(failure.error);
      return;
    }
    const { workflow } = this.#run;
    const node = scope.shape.nodeOf(instance);
    const options = workflow.graph.options(node);
    const hasInputs = failure.kind === "lost" || holdsInputs(workflow, node); // a lost task was not started
    if (mayRetry(options, attempt, failure)) this.#retry(failed, node);
    else if (options.fallback === undefined) this.#giveUp(scope, instance, hasInputs, failure.error);
    else {
      scope.memory.putOwned(instance, copyCanonical(options.fallback.value));
      this.#parts.advance.taskEnded(scope, instance, hasInputs);
    }
  }

  /** The next attempt begins at home; its inputs are still held. */
  #retry({ scope, instance, attempt, failure, at }: FailedAttempt, node: number): void {
    const run = this.#run;
    const { ports, taskActor } = this.#parts;
    const dueAt = at + retryDelayMs(run.workflow.graph.options(node), attempt, ports.random);
    const task = new ReadyTask(run, scope, instance, node, dueAt);
    task.attempt = attempt + 1;
    task.past = { heartbeat: failure.heartbeat, failure: undefined };
    // A ticket does not carry the heartbeat, and a guest that gives a task back does not say which attempt it was.
    task.isPinned = failure.heartbeat !== undefined || !run.isShared || run.space.needsHome(scope, instance);
    taskActor.tell({ kind: "retry", task, dueAt });
  }

  /** A list that is none is a failure of the map or reduce that was to go over it. It would be the same in every attempt. */
  #giveUpBroken(): void {
    const { broken } = this.#parts.advance;
    if (broken.length === 0) return;
    for (let found = broken.shift(); found !== undefined; found = broken.shift()) {
      if (!this.#run.isOver) this.#giveUp(found.scope, found.instance, this.#run.isShared, found.error);
    }
  }

  #giveUp(scope: Scope, instance: number, hasInputs: boolean, error: DataFlowerError): void {
    const { graph, whenTaskFails } = this.#run.workflow;
    const isSkippable = graph.options(scope.shape.nodeOf(instance)).onFailure === "skip-dependents";
    if (!isSkippable && whenTaskFails === "stop") {
      this.#fail(error);
      return;
    }
    if (isSkippable) this.#skipped ??= error;
    else this.#failed ??= error;
    this.#parts.advance.giveUp(scope, instance, hasInputs);
  }

  /** The last node has ended. */
  #end(at: number): void {
    const run = this.#run;
    const producers = run.workflow.graph.resultProducers(0);
    const error = this.#failed ?? (lacksResult(run.root, 0, producers) ? this.#skipped : undefined);
    if (error !== undefined) {
      dropResult(run.root, 0, producers);
      this.#fail(error);
      return;
    }
    run.isOver = true;
    const result = resultAssembler(run.workflow, 0)(run.root, 0, 0);
    this.#parts.checkpoint.tell({ kind: "run-ended", run, isOk: true, value: result, at });
  }

  #fail(error: DataFlowerError): void {
    const { checkpoint, ports } = this.#parts;
    const run = this.#run;
    const message = `Cannot go on with run ${run.runId} as another task of it has failed`;
    this.#stop(new DataFlowerError("DF_CANCELLED", message, { cause: error, runId: run.runId }));
    checkpoint.tell({ kind: "run-ended", run, isOk: false, value: error, at: ports.watch.boundary });
  }

  #discard(): void {
    const run = this.#run;
    const message = `Cannot go on with run ${run.runId} as it was cancelled or given to another worker`;
    if (!run.isOver) this.#stop(new DataFlowerError("DF_CANCELLED", message, { runId: run.runId }));
    this.#parts.ports.results.discard(run);
  }

  /** What is ready is not started, what waits is aborted. */
  #stop(reason: DataFlowerError): void {
    const { scheduler, taskActor } = this.#parts;
    const run = this.#run;
    run.isOver = true;
    scheduler.tell({ kind: "run-over", run });
    taskActor.tell({ kind: "run-over", run, reason });
  }
}
