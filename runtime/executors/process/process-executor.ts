import type { ActorRef } from "../../../actors/kernel/actor.js";
import { DataFlowerError } from "../../../actors/kernel/errors.js";
import type { TaskMessage } from "../../../actors/messages.js";
import type { Executor, Heartbeat } from "../../../actors/ports.js";
import type { ReadyTask } from "../../../actors/workflow/run.js";
import type { HandlerSource } from "../../authoring/handler-source.js";
import { encodeTrusted } from "../../codec/value-codec.js";
import { nowMs } from "../../observe/system-clock.js";
import type { AttemptEnd } from "./child.js";
import { ChildKind } from "./child-kind.js";
import { Children, type ChildrenLimits } from "./children.js";
import { ProcessAttempt } from "./process-attempt.js";
import { requestBytesMax } from "./protocol.js";

/** The least that a process is capped at, in bytes: without so much no handler does anything. */
export const memoryBytesMin = 16 * 1024 * 1024;
/** Of a frame to a child, left for what is no input. */
const factsBytesMax = 128 * 1024 * 1024;

export interface ProcessLimits extends ChildrenLimits {
  readonly outputBytesMax: number;
  /** Memory of a process whose task asks for none, in bytes. */
  readonly memoryBytesMax: number;
  /** Children of one kind that may end within `restartWindowMs` before their handler is loaded. */
  readonly failedStartsMax: number;
}

export interface ProcessExecutorParts {
  readonly worker: number;
  /** What a child process executes. */
  readonly program: URL;
  readonly limits: ProcessLimits;
  /** Shows the control thread that something on this worker has given a sign of life. */
  readonly beat: () => void;
  /** @param ms from the making of a process until its handler was loaded */
  readonly onColdStart: (ms: number) => void;
}

interface Source {
  readonly workflow: string;
  readonly source: HandlerSource;
}

/** Executes attempts in child processes: whatever they take, hold or break, they can be ended, and nobody else is harmed. */
export class ProcessExecutor implements Executor {
  /** No attempt ends at once. */
  readonly value = undefined;
  /** Hears what becomes of attempts. Set once, by the composition root. */
  taskActor!: Pick<ActorRef<TaskMessage>, "tell">;
  readonly #parts: ProcessExecutorParts;
  /** By number of the workflow. */
  readonly #sources = new Map<number, Source>();
  readonly #kinds = new Map<string, ChildKind>();
  readonly #children: Children;

  constructor(parts: ProcessExecutorParts) {
    this.#parts = parts;
    this.#children = new Children(parts.program, parts.limits, {
      onColdStart: parts.onColdStart,
      onHeartbeat: parts.beat,
      onBegun: ({ task }) => void this.taskActor.tell({ kind: "begun", task }),
      onEnd: (attempt, end) => this.#ended(attempt, end),
      onCrashed: (attempt, error) => this.#broken(attempt, "crashed", error),
    });
  }

  /** Process ids of the children that live. */
  get pids(): number[] {
    return this.#children.pids;
  }

  /** Children in which an attempt that was given up still goes on. */
  get unsettledCount(): number {
    return this.#children.leftCount;
  }

  /** Where the handlers of a workflow are found. */
  register(workflowId: number, source: Source): void {
    this.#sources.set(workflowId, source);
  }

  start(task: ReadyTask, input: unknown): "queued" {
    const attempt = new ProcessAttempt(task, encodeTrusted(input), nowMs()); // an input is data: it was made of outputs
    task.waiting = attempt;
    if (attempt.input.length > requestBytesMax - factsBytesMax) this.#broken(attempt, "refused", tooLarge(attempt));
    else this.#children.add(this.#kindOf(task), attempt);
    return "queued";
  }

  abort(task: ReadyTask, reason: DataFlowerError): void {
    const attempt = attemptOf(task);
    if (attempt === undefined) return; // it has ended, and the message is on its way
    task.waiting = undefined;
    this.#children.abort(this.#kindOf(task), attempt, reason);
  }

  lastHeartbeat(task: ReadyTask): Heartbeat | undefined {
    return attemptOf(task)?.newest;
  }

  /** Ends all children. */
  close(): Promise<void> {
    return this.#children.close();
  }

  #kindOf({ run: { workflow }, node }: ReadyTask): ChildKind {
    const handler = workflow.graph.handler[node] as number;
    const { memoryBytesMax, outputBytesMax, failedStartsMax } = this.#parts.limits;
    const capBytes = Math.max(memoryBytesMin, workflow.graph.options(node).memoryBytes ?? memoryBytesMax);
    const key = `${workflow.id} ${handler} ${capBytes}`;
    let kind = this.#kinds.get(key);
    if (kind === undefined) {
      const source = this.#sources.get(workflow.id) as Source; // registered before any of its runs
      const { worker } = this.#parts;
      kind = new ChildKind({ kind: "load", worker, ...source, handler, outputBytesMax, memoryBytesMax: capBytes }, failedStartsMax);
      this.#kinds.set(key, kind);
    }
    return kind;
  }

  #ended(attempt: ProcessAttempt, end: AttemptEnd): void {
    if (end.kind === "refused") {
      this.#broken(attempt, "refused", end.error);
      return;
    }
    const { task, newest } = attempt;
    task.waiting = undefined;
    this.taskActor.tell({ kind: "settled", task, isOk: end.kind === "returned", value: end.value, heartbeat: newest?.details });
  }

  #broken(attempt: ProcessAttempt, outcome: "crashed" | "refused", error: DataFlowerError): void {
    const { task, newest } = attempt;
    task.waiting = undefined;
    this.taskActor.tell({ kind: "broken", task, outcome, error, heartbeat: newest?.details });
  }
}

/** What `ReadyTask.waiting` holds: nobody else writes it. */
const attemptOf = (task: ReadyTask): ProcessAttempt | undefined => task.waiting as ProcessAttempt | undefined;

function tooLarge({ task, input }: ProcessAttempt): DataFlowerError {
  const message = `Cannot hand its input to ${task.path} as a process takes ${requestBytesMax - factsBytesMax} bytes: found ${input.length}`;
  return new DataFlowerError("DF_RESULT_TOO_LARGE", message);
}
