import { createHash } from "node:crypto";
import { inspect } from "node:util";
import type { DataFlowerError } from "../../actors/kernel/errors.js";
import { copyValue } from "../../actors/kernel/value.js";
import type { Heartbeat } from "../../actors/ports.js";
import type { ReadyTask } from "../../actors/workflow/run.js";
import type { TaskContext, TaskLog } from "../authoring/task-context.js";

/** What contexts have in common: the world of their worker. */
export interface AttemptSurroundings {
  readonly nowMs: () => number;
  /** Shows the control thread that something on this worker has given a sign of life. */
  readonly beat: () => void;
}

/** What a context has to know of the attempt that it stands for. */
export interface AttemptFacts {
  readonly runId: string;
  readonly path: string;
  readonly attempt: number;
  readonly run: { readonly fence: number };
  /** What the attempt before has left. */
  readonly past: { readonly heartbeat: unknown } | undefined;
}

/** What a context has made of what was asked of it. */
interface Made {
  controller?: AbortController;
  /** Set when the attempt has been given up. */
  abortedFor?: DataFlowerError;
  newest?: Heartbeat;
  log?: TaskLog;
}

/** The context of one attempt. Nothing is made before it is read: most handlers read nothing of it. */
export class AttemptContext<Facts extends AttemptFacts = ReadyTask> implements TaskContext {
  readonly #task: Facts;
  readonly #surroundings: AttemptSurroundings;
  #made: Made | undefined;

  constructor(task: Facts, surroundings: AttemptSurroundings) {
    this.#task = task;
    this.#surroundings = surroundings;
  }

  get task(): Facts {
    return this.#task;
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
    return this.#task.run.fence;
  }

  get signal(): AbortSignal {
    const made = this.#own();
    if (made.controller === undefined) {
      made.controller = new AbortController();
      if (made.abortedFor !== undefined) made.controller.abort(made.abortedFor);
    }
    return made.controller.signal;
  }

  /** A copy, as later attempts may be handed the same details. */
  get lastHeartbeat(): unknown {
    return copyValue(this.#task.past?.heartbeat);
  }

  get log(): TaskLog {
    const made = this.#own();
    made.log ??= lineLog(this);
    return made.log;
  }

  heartbeat(details?: unknown): void {
    const copy = copyValue(details);
    const made = this.#own();
    if (made.abortedFor !== undefined) return; // nobody waits for it
    made.newest = { details: copy, at: this.#surroundings.nowMs() };
    this.#surroundings.beat();
  }

  progress(done: number, total?: number): void {
    this.heartbeat(total === undefined ? { done } : { done, total });
  }

  /** Of `heartbeat` or `progress`. */
  get newestHeartbeat(): Heartbeat | undefined {
    return this.#made?.newest;
  }

  /** The attempt is given up: its signal has aborted, whenever it is read. */
  abort(reason: DataFlowerError): void {
    const made = this.#own();
    made.abortedFor = reason;
    made.controller?.abort(reason);
  }

  #own(): Made {
    this.#made ??= {};
    return this.#made;
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
