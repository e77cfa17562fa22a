import { createHash } from "node:crypto";
import { inspect } from "node:util";
import { copyValue } from "../../actors/kernel/value.js";
import type { ReadyTask } from "../../actors/workflow/run.js";
import type { TaskContext, TaskLog } from "../authoring/task-context.js";

/** The context of one attempt. Nothing is made before it is read: most handlers read nothing of it. */
export class AttemptContext implements TaskContext {
  readonly #task: ReadyTask;
  #controller: AbortController | undefined;
  #heartbeat: unknown;
  #log: TaskLog | undefined;

  constructor(task: ReadyTask) {
    this.#task = task;
  }

  get runId(): string {
    return this.#task.runId;
  }

  get taskId(): string {
    return this.#task.path;
  }

  get attempt(): number {
    return this.#task.attempt;
  }

  get idempotencyKey(): string {
    return createHash("sha256").update(`${this.runId}\n${this.taskId}`).digest("hex");
  }

  get fence(): number {
    return this.#task.run.epoch;
  }

  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    return this.#controller.signal;
  }

  get lastHeartbeat(): unknown {
    return undefined; // there are no later attempts yet
  }

  get log(): TaskLog {
    this.#log ??= lineLog(this);
    return this.#log;
  }

  heartbeat(details?: unknown): void {
    this.#heartbeat = copyValue(details);
  }

  progress(done: number, total?: number): void {
    this.heartbeat(total === undefined ? { done } : { done, total });
  }

  /** Newest details of `heartbeat` or `progress`. */
  get newestHeartbeat(): unknown {
    return this.#heartbeat;
  }
}

/** One line of JSON a message, on stderr. */
function lineLog({ runId, taskId, attempt }: TaskContext): TaskLog {
  const write = (level: string) => (message: string, fields?: Readonly<Record<string, unknown>>) => {
    process.stderr.write(`${lineOf({ level, runId, taskId, attempt, message }, fields)}\n`);
  };
  return { debug: write("debug"), info: write("info"), warn: write("warn"), error: write("error") };
}

/** Logging never throws: fields that are no JSON are shown as Node would print them. */
function lineOf(head: Readonly<Record<string, unknown>>, fields: Readonly<Record<string, unknown>> | undefined): string {
  try {
    return JSON.stringify({ ...head, ...fields });
  } catch {
    return JSON.stringify({ ...head, fields: inspect(fields) });
  }
}
