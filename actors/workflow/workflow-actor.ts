import type { Actor, ActorRef } from "../kernel/actor.js";
import type { DataFlowerError } from "../kernel/errors.js";
import type { CheckpointMessage, SchedulerMessage, TaskEnded, WorkflowMessage } from "../messages.js";
import type { Ports } from "../ports.js";
import { type Advance, resultAssembler } from "./advance.js";
import { LocalMemory } from "./local-memory.js";
import { RegionShape } from "./region-shape.js";
import type { Run } from "./run.js";
import { Scope } from "./scope.js";
import { inTask, taskFailure } from "./task-failure.js";

/** What the workflow actors of one worker have in common. */
export interface WorkflowParts {
  readonly ports: Ports;
  readonly advance: Advance;
  readonly scheduler: ActorRef<SchedulerMessage>;
  readonly checkpoint: ActorRef<CheckpointMessage>;
}

/**
 * Executes one run at its home: counts missing inputs, hands ready tasks to the scheduler, ends the run.
 *
 *            start                    last node ended
 *   (new) ──────────▶ RUNNING ─────────────────────────▶ OVER, completed
 *                        └──── a task failed ──────────▶ OVER, failed
 *
 * OVER is final. Attempts that end later only give their place back to the scheduler.
 */
export class WorkflowActor implements Actor<WorkflowMessage> {
  readonly #parts: WorkflowParts;
  readonly #run: Run;

  constructor(parts: WorkflowParts, run: Run) {
    this.#parts = parts;
    this.#run = run;
  }

  receive(message: WorkflowMessage): void {
    if (message.kind === "task-ended") this.#taskEnded(message);
    else if (this.#run.isOver) return;
    else if (message.kind === "start") this.#start(message.input);
    else if (message.kind === "guest-ended-run") this.#complete(this.#parts.ports.watch.lap());
    else if (message.kind === "guest-task-failed") this.#fail(message.error);
    else this.#moveOn(() => this.#parts.advance.becomeReady(message.scope, message.instance));
  }

  #start(input: unknown): void {
    const { ports, advance } = this.#parts;
    const run = this.#run;
    run.startedAt = ports.watch.boundary;
    const shape = new RegionShape(run.workflow.graph, 0, 1, 0);
    run.root = new Scope(run.workflow, shape, undefined, -1, new LocalMemory(shape));
    run.root.memory.putOwned(0, input);
    this.#moveOn(() => advance.startElement(run.root, 0), run.submittedAt);
  }

  #taskEnded(ended: TaskEnded): void {
    const { advance, scheduler } = this.#parts;
    const { task } = ended;
    if (this.#run.isOver || !ended.isOk) {
      scheduler.tell({ kind: "task-done", task, ready: undefined });
      if (!this.#run.isOver) this.#fail(taskFailure(task.path, task.attempt, ended.value, this.#run.runId));
      return;
    }
    advance.begin(this.#run, ended.at);
    const error = this.#advanceAfter(ended);
    scheduler.tell({ kind: "task-done", task, ready: error === undefined ? advance.first : undefined });
    if (error !== undefined) this.#fail(error);
    else if (advance.isRunEnded) this.#complete(ended.at);
  }

  #advanceAfter({ task, value }: TaskEnded): DataFlowerError | undefined {
    try {
      task.scope.memory.put(task.instance, value, this.#parts.ports.outputBytesMax);
      this.#parts.advance.nodeEnded(task.scope, task.instance);
      return undefined;
    } catch (error) {
      return inTask(error, task.path, task.attempt, this.#run.runId);
    }
  }

  /** Collects what an event outside a task makes ready, and hands it to the scheduler. */
  #moveOn(step: () => void, readyAt = this.#parts.ports.watch.boundary): void {
    const { advance, scheduler } = this.#parts;
    advance.begin(this.#run, readyAt);
    try {
      step();
    } catch (error) {
      this.#fail(inTask(error, undefined, undefined, this.#run.runId));
      return;
    }
    for (let task = advance.first; task !== undefined; task = task.next) task.isPinned = this.#run.isShared;
    if (advance.first !== undefined) scheduler.tell({ kind: "tasks-ready", ready: advance.first });
    if (advance.isRunEnded) this.#complete(readyAt);
  }

  #complete(at: number): void {
    const run = this.#run;
    run.isOver = true;
    const result = resultAssembler(run.workflow, 0)(run.root, 0);
    this.#parts.checkpoint.tell({ kind: "run-ended", run, isOk: true, value: result, at });
  }

  #fail(error: DataFlowerError): void {
    const run = this.#run;
    run.isOver = true;
    this.#parts.scheduler.tell({ kind: "run-over", run });
    this.#parts.checkpoint.tell({ kind: "run-ended", run, isOk: false, value: error, at: this.#parts.ports.watch.boundary });
  }
}
