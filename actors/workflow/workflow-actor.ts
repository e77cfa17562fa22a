import type { Actor, ActorRef } from "../kernel/actor.js";
import { DataFlowerError } from "../kernel/errors.js";
import { copyCanonical } from "../kernel/value.js";
import type { CheckpointMessage, SchedulerMessage, TaskEnded, TaskMessage, WorkflowMessage } from "../messages.js";
import type { Attempt, Ports } from "../ports.js";
import { type Advance, dropResult, holdsInputs, lacksResult, resultAssembler } from "./advance.js";
import type { Failure } from "./failure.js";
import { LocalMemory } from "./local-memory.js";
import { RegionShape } from "./region-shape.js";
import { mayRetry, retryDelayMs } from "./retry.js";
import { ReadyTask, type Run, type TaskCommitted } from "./run.js";
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
interface FailedAttempt extends Attempt {
  readonly failure: Failure;
  /** When the failure became known, in ms. */
  readonly at: number;
  /** It failed before the run had this home: it was not started here, and is on record. */
  readonly isOld: boolean;
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
 * What ends is recorded, where the run has to outlive its thread or process; what depends on it goes on at once or, where the order of
 * commits is strict, when that is durable. What had ended before the run had this home is not recorded again.
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
    else if (message.kind === "task-committed") this.#committed(message);
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
    advance.isReplaying = run.past !== undefined;
    advance.startElement(run.root, 0);
    advance.isReplaying = false;
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
    const isOld = task.past?.end !== undefined;
    if (ended.outcome !== "returned") this.#ownAttemptFailed(task, failureOf(ended.outcome, ended), at, isOld);
    else if (isOld) this.#returnedBefore(task, ended.value);
    else this.#taskReturned(task, ended.value, at);
    this.#giveUpBroken();
    scheduler.tell({ kind: "task-done", task, ready: run.isOver ? undefined : advance.first });
    if (advance.isRunEnded) this.#end(at);
  }

  #taskReturned(task: ReadyTask, output: unknown, at: number): void {
    const { run, scope, instance, node } = task;
    const refused = this.#put(task, output);
    if (refused !== undefined) {
      this.#ownAttemptFailed(task, refused, at, false);
      return;
    }
    const { journal } = this.#parts.ports;
    const hasInputs = holdsInputs(run.workflow, node);
    if (!journal.records(run, node)) this.#parts.advance.taskEnded(scope, instance, hasInputs);
    else this.#conclude({ kind: "task-committed", run, scope, instance, hasInputs, error: undefined }, journal.returned(task));
  }

  /** The task was not started here: it has taken none of its inputs. */
  #returnedBefore({ scope, instance }: ReadyTask, output: unknown): void {
    const { advance } = this.#parts;
    scope.memory.putOwned(instance, output);
    advance.isReplaying = true;
    advance.taskEnded(scope, instance, true);
    advance.isReplaying = false;
  }

  #ownAttemptFailed({ run, scope, instance, attempt }: ReadyTask, failure: Failure, at: number, isOld: boolean): void {
    this.#attemptFailed({ run, scope, instance, attempt, failure, at, isOld });
  }

  /** A task has ended for good, which has gone on record with a batch. */
  #conclude(end: TaskCommitted, batch: number): void {
    const { checkpoint, ports } = this.#parts;
    if (!ports.journal.isStrict || ports.journal.isDurable(batch) || !hasDependents(end)) this.#goOn(end);
    else checkpoint.tell({ kind: "recorded", batch, goOn: () => void this.#run.actor.tell(end) });
  }

  #committed(end: TaskCommitted): void {
    const { advance, ports } = this.#parts;
    const at = ports.watch.boundary;
    advance.begin(this.#run, at);
    this.#goOn(end);
    this.#moveOn(at);
  }

  #goOn({ scope, instance, hasInputs, error }: TaskCommitted): void {
    if (error === undefined) this.#parts.advance.taskEnded(scope, instance, hasInputs);
    else this.#giveUp(scope, instance, hasInputs, error);
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
    this.#attemptFailed({ run: this.#run, scope, instance, attempt, failure, at, isOld: false });
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
    const { scope, instance, attempt, failure, isOld } = failed;
    if (failure.kind === "unscheduled") {
      this.#fail(failure.error);
      return;
    }
    const run = this.#run;
    const { workflow } = run;
    const node = scope.shape.nodeOf(instance);
    const options = workflow.graph.options(node);
    if (!isOld && mayRetry(options, attempt, failure)) {
      this.#retry(failed, node);
      return;
    }
    const hasInputs = isOld || holdsInputs(workflow, node);
    if (options.fallback !== undefined) scope.memory.putOwned(instance, copyCanonical(options.fallback.value));
    const error = options.fallback === undefined ? failure.error : undefined;
    const end: TaskCommitted = { kind: "task-committed", run, scope, instance, hasInputs, error };
    const { journal } = this.#parts.ports;
    if (isOld || !journal.records(run, node)) this.#goOn(end);
    else this.#conclude(end, journal.failed(failed, failure, Number.NaN));
  }

  /** The next attempt begins at home, where its inputs are still held, and when it is durable that this one has failed: attempts only rise. */
  #retry(failed: FailedAttempt, node: number): void {
    const { run, scope, instance, attempt, failure, at } = failed;
    const { ports, taskActor } = this.#parts;
    const dueAt = at + retryDelayMs(run.workflow.graph.options(node), attempt, ports.random);
    const task = new ReadyTask(run, scope, instance, node, dueAt);
    task.attempt = attempt + 1;
    task.past = { heartbeat: failure.heartbeat, end: undefined, dueAt: 0 };
    // A ticket does not carry the heartbeat, and a guest that gives a task back does not say which attempt it was.
    task.isPinned = failure.heartbeat !== undefined || !run.isShared || run.space.needsHome(scope, instance);
    const retry = () => void taskActor.tell({ kind: "retry", task, dueAt });
    if (!ports.journal.records(run, node)) retry();
    else this.#parts.checkpoint.tell({ kind: "recorded", batch: ports.journal.failed(failed, failure, dueAt), goOn: retry });
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

/** Whether anything can start because the task has ended. Of what stands in a map or reduce its gather can. */
function hasDependents({ scope, instance }: TaskCommitted): boolean {
  if (scope.parent !== undefined) return true;
  const { successorFirst } = scope.workflow.graph;
  const node = scope.shape.nodeOf(instance);
  return (successorFirst[node + 1] as number) > (successorFirst[node] as number);
}
