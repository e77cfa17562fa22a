import type { TaskFacts } from "../../schedulers/policy.js";
import type { Run } from "./run.js";
import type { Scope } from "./scope.js";
import { taskPath } from "./task-path.js";

/** A task whose inputs exist: what policies order, and the message that tells the task actor to run one attempt. */
export class ReadyTask implements TaskFacts {
  readonly kind = "run-task";
  readonly run: Run;
  readonly scope: Scope;
  readonly instance: number;
  /** Global node. */
  readonly node: number;
  readonly readyAt: number;
  attempt = 1;
  /** Must run on this worker: an output that it reads cannot be read elsewhere. */
  isPinned = false;
  /** Did not start, as the ring to its home had no room for its answer. */
  isHeld = false;
  /** The attempt waits for a promise. */
  isPending = false;
  /** Next in a list of tasks that became ready together. */
  next: ReadyTask | undefined = undefined;

  constructor(run: Run, scope: Scope, instance: number, node: number, readyAt: number) {
    this.run = run;
    this.scope = scope;
    this.instance = instance;
    this.node = node;
    this.readyAt = readyAt;
  }

  get runId(): string {
    return this.run.runId;
  }

  get task(): string {
    return this.run.workflow.graph.name(this.node);
  }

  /** Name with the positions of map elements. */
  get path(): string {
    return taskPath(this.scope, this.instance);
  }

  get submittedAt(): number {
    return this.run.submittedAt;
  }

  get priority(): number {
    return this.run.workflow.graph.options(this.node).priority;
  }

  get estimate(): number | undefined {
    return this.run.workflow.graph.options(this.node).estimateMs;
  }

  get deadline(): number | undefined {
    return this.run.deadline >= 0 ? this.run.deadline : undefined;
  }
}
