import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import type { Socket } from "node:net";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { DataFlowerError, type ErrorCode } from "../../../actors/kernel/errors.js";
import { dataToError, type ErrorData, errorToData } from "../../codec/error-codec.js";
import { encodePipeFrame, type PipeFrame, PipeFrameReader } from "../../codec/pipe-frame.js";
import { decodeValue, encodeTrusted } from "../../codec/value-codec.js";
import { after, afterUnheld, nowMs } from "../../observe/system-clock.js";
import { answersFd, lifelineFd, requestsFd } from "./child-pipes.js";
import { FrameRate } from "./frame-rate.js";
import { nodeArguments } from "./node-arguments.js";
import { OutputRelay } from "./output-relay.js";
import type { Executing, ProcessAttempt } from "./process-attempt.js";
import { type Answer, answerBytesMax, childMark, isAnswer, type LoadRequest, type Request } from "./protocol.js";

/** Longest time from a child's start until its handler is loaded, in ms: somewhat more than a module may await. */
export const startMsMax = 15_000;
/** Longest time that half a frame may stand in the pipe without growing, in ms. */
export const stalledFrameMsMax = 5_000;
/** How long the pipes of a child that has exited are waited for, in ms: processes that it made may hold some of them. */
const drainMsMax = 250;
/** Signals by which V8 ends a process. */
const abortSignals: readonly unknown[] = ["SIGABRT", "SIGTRAP", "SIGILL"];

/** How an attempt in a child ended by what its handler did. */
export type AttemptEnd =
  | { readonly kind: "returned" | "threw"; readonly value: unknown }
  /** What it returned is no data, or too large. */
  | { readonly kind: "refused"; readonly error: DataFlowerError };

export interface ChildEvents {
  /** The handler is loaded. @param coldStartMs since the process was made */
  onReady(child: Child, coldStartMs: number): void;
  onHeartbeat(): void;
  /** The attempt at hand has ended, and the child can take another one. */
  onEnd(child: Child, attempt: ProcessAttempt, end: AttemptEnd): void;
  /** The process is gone. `attempt` was at hand; `wasReady`: it had loaded its handler. */
  onGone(child: Child, attempt: ProcessAttempt | undefined, why: DataFlowerError, wasReady: boolean): void;
}

export interface ChildParts {
  readonly program: URL;
  readonly load: LoadRequest;
  /** How long an attempt that was given up may go on, in ms; then the process is killed. */
  readonly graceMs: number;
  readonly events: ChildEvents;
}

/**
 * One child process, as its worker sees it.
 *
 *              ready                     run()
 *   STARTING ─────────▶ IDLE ───────────────────────────▶ BUSY
 *       │                │  ◀── returned, threw, refused ── │
 *       │                │                                  │ abort(): the signal first, then, after the grace,
 *       ▼                ▼                                  ▼
 *   kill(), a fault of what it sends, its own end ──▶ ENDING ──▶ gone: told once, and nothing of it is left
 *
 * Whatever a child sends that is not called for at that moment is a fault, and ends it.
 */
export class Child implements Executing {
  readonly #parts: ChildParts;
  readonly #process: ChildProcess;
  readonly #rate = new FrameRate();
  readonly #spawnedAt = nowMs();
  #relay: OutputRelay | undefined;
  #state: "starting" | "idle" | "busy" | "ending" | "gone" = "starting";
  #attempt: ProcessAttempt | undefined;
  #attemptNumber = 0;
  #wasReady = false;
  #hasExited = false;
  /** Why it is being killed; undefined: it is not, or by its owner's wish. */
  #fault: DataFlowerError | undefined;
  #cancelTimer: (() => void) | undefined;
  /** Since when it has been idle, in ms. */
  idleSince = 0;

  /** Makes the process. @throws what spawn() does, where the system refuses at once */
  constructor(parts: ChildParts) {
    this.#parts = parts;
    this.#process = spawnChild(parts);
    this.#process.once("error", (cause) => this.#cannotStart(cause));
    if (this.#process.pid === undefined) return;
    this.#listen(this.#pipe(answersFd));
    const lifeline = this.#pipe(lifelineFd);
    lifeline.on("data", () => this.#spoil(this.#outOfMemory("it took more")));
    for (const pipe of [lifeline, this.#pipe(requestsFd)]) pipe.on("error", () => {}); // the end of the process tells more
    const { stdout, stderr } = this.#process as { stdout: Readable; stderr: Readable }; // spawnChild() asks for pipes
    this.#relay = new OutputRelay([stdout, stderr], {
      write: (lines, onTaken) => process.stderr.write(lines, onTaken),
      after: afterUnheld,
    });
    this.#process.once("exit", (code, signal) => this.#exited(code, signal));
    this.#cancelTimer = after(startMsMax, () => this.#spoil(this.#lost(`be ready within ${startMsMax} ms`, "it is not")));
    this.#send(parts.load);
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** It waits for an attempt. */
  get isIdle(): boolean {
    return this.#state === "idle" && !this.#hasExited;
  }

  /** It is being killed, and is not gone. */
  get isEnding(): boolean {
    return this.#state === "ending";
  }

  /** An attempt that was given up still goes on in it. */
  get isLeftWith(): boolean {
    return this.#attempt !== undefined && this.#attempt.child !== this;
  }

  /** Hands it an attempt; it must be idle. */
  run(attempt: ProcessAttempt): void {
    const { task, input } = attempt;
    this.#state = "busy";
    this.#attempt = attempt;
    this.#attemptNumber += 1;
    attempt.child = this;
    attempt.input = nothing;
    const { runId, path, attempt: tries, run, past } = task;
    const facts = { number: this.#attemptNumber, runId, path, attempt: tries, fence: run.fence, heartbeat: past?.heartbeat };
    this.#send({ kind: "run", ...facts }, input);
  }

  /** Gives up the attempt at hand: its signal aborts, and if it has not ended after the grace the process is killed. */
  abort(reason: DataFlowerError): void {
    if (this.#attempt !== undefined) this.#attempt.child = undefined;
    if (this.#state !== "busy") return;
    this.#send({ kind: "abort" }, encodeTrusted(errorToData(reason)));
    if (this.#parts.graceMs === 0) this.kill();
    else this.#cancelTimer = after(this.#parts.graceMs, () => this.kill());
  }

  /** Ends the process whatever it is doing, with those that it has made. `onGone` follows. */
  kill(): void {
    if (this.#state === "ending" || this.#state === "gone") return;
    this.#state = "ending";
    this.#cancelTimer?.();
    const { pid } = this.#process;
    if (pid === undefined || this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    try {
      process.kill(process.platform === "win32" ? pid : -pid, "SIGKILL");
    } catch {
      this.#process.kill("SIGKILL"); // it has left its group, or has ended meanwhile
    }
  }

  #pipe(fd: number): Socket {
    return this.#process.stdio[fd] as Socket; // a pipe that spawnChild() asked for
  }

  #send(request: Request, payload?: Uint8Array): void {
    const pipe = this.#pipe(requestsFd);
    for (const part of encodePipeFrame(request, payload)) if (part.length > 0) pipe.write(part);
  }

  #listen(pipe: Socket): void {
    const reader = new PipeFrameReader(answerBytesMax(this.#parts.load.outputBytesMax));
    let cancelStall: (() => void) | undefined;
    pipe.on("error", () => {}); // as for requests
    pipe.on("close", () => cancelStall?.());
    pipe.on("data", (chunk: Buffer) => {
      cancelStall?.();
      cancelStall = undefined;
      this.#take(() => reader.push(chunk));
      // What has come meanwhile is taken in first: this thread may have been held.
      if (reader.isWithin) cancelStall = after(stalledFrameMsMax, () => (cancelStall = after(0, () => this.#spoil(stalled()))));
    });
  }

  #take(read: () => readonly PipeFrame[]): void {
    if (this.#fault !== undefined) return;
    try {
      for (const frame of read()) this.#heed(frame);
    } catch (error) {
      if (!(error instanceof DataFlowerError) || error.code !== "DF_FRAME_CORRUPT") throw error;
      this.#spoil(error);
    }
  }

  #heed({ head, payload }: PipeFrame): void {
    if (!isAnswer(head)) throw corrupt("one that it cannot send");
    if (!this.#rate.allows(nowMs())) throw corrupt("more of them than it can have reason to send");
    const { kind, number } = head;
    if (kind === "exhausted") this.#spoil(this.#outOfMemory("it took more"));
    else if (this.#state === "ending")
      return; // what was under way when it was killed
    else if (this.#state === "starting" && kind === "ready") this.#ready();
    else if (this.#state === "starting" && kind === "unloadable") this.#spoil(this.#unloadable(errorIn(payload)));
    else if (this.#state === "busy" && number === this.#attemptNumber) this.#heedAttempt(kind, payload);
    else throw corrupt(`"${kind}", for which it has no reason`);
  }

  #ready(): void {
    this.#wasReady = true;
    this.#becomeIdle();
    this.#parts.events.onReady(this, this.idleSince - this.#spawnedAt);
  }

  #becomeIdle(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    this.#state = "idle";
    this.#attempt = undefined;
    this.idleSince = nowMs();
  }

  #heedAttempt(kind: Answer["kind"], payload: Uint8Array): void {
    const attempt = this.#attempt as ProcessAttempt; // there is one while it is busy
    if (kind === "heartbeat") {
      attempt.newest = { details: decodeValue(payload), at: nowMs() };
      this.#parts.events.onHeartbeat();
      return;
    }
    const end = endOf(kind, payload);
    this.#becomeIdle();
    this.#parts.events.onEnd(this, attempt, end);
  }

  /** It has broken a rule, and is ended for that. */
  #spoil(fault: DataFlowerError): void {
    this.#fault ??= fault;
    this.kill();
  }

  #cannotStart(cause: Error): void {
    if (this.#process.pid !== undefined) return; // a signal that could not be sent
    const message = `Cannot start a process for ${this.#of} as the system must give it one: found ${cause.message}`;
    this.#fault = new DataFlowerError("DF_WORKER_LOST", message, { cause });
    this.#gone(this.#fault);
  }

  /** What the pipes still hold comes first: it may be the end of the attempt, or why the process has ended. */
  #exited(code: number | null, signal: NodeJS.Signals | null): void {
    this.#hasExited = true;
    this.#cancelTimer?.();
    const cancel = after(drainMsMax, () => {
      for (const pipe of this.#process.stdio) pipe?.destroy();
    });
    this.#process.once("close", () => {
      cancel();
      this.#gone(this.#fault ?? this.#endedBy(code, signal));
    });
  }

  #gone(why: DataFlowerError): void {
    this.#state = "gone";
    const attempt = this.#attempt;
    this.#attempt = undefined;
    this.#parts.events.onGone(this, attempt, why, this.#wasReady);
  }

  #endedBy(code: number | null, signal: NodeJS.Signals | null): DataFlowerError {
    if (abortSignals.includes(signal) && this.#relay?.hasSeenFullHeap === true) return this.#outOfMemory("its heap was full");
    return this.#lost("live", `it ended with ${signal ?? `exit code ${code}`}`);
  }

  #lost(rule: string, found: string): DataFlowerError {
    return this.#error("DF_WORKER_LOST", `its process must ${rule}: ${found}`);
  }

  #outOfMemory(found: string): DataFlowerError {
    const { memoryBytesMax } = this.#parts.load;
    return this.#error("DF_TASK_OOM", `its process must take no more than ${Math.round(memoryBytesMax / 2 ** 20)} MiB: ${found}`);
  }

  #unloadable(thrown: unknown): DataFlowerError {
    if (thrown instanceof DataFlowerError) return thrown;
    return this.#error("DF_WORKER_LOST", "its process must load its module: it threw", thrown);
  }

  #error(code: ErrorCode, why: string, cause?: unknown): DataFlowerError {
    return new DataFlowerError(code, `Cannot finish ${this.#of} as ${why}`, cause === undefined ? {} : { cause });
  }

  /** What it was made for: the attempt at hand, or a handler. */
  get #of(): string {
    const { workflow, handler } = this.#parts.load;
    return this.#attempt === undefined ? `handler ${handler} of workflow ${workflow}` : this.#attempt.task.path;
  }
}

const nothing = new Uint8Array();

function spawnChild({ program, load }: ChildParts): ChildProcess {
  const options: SpawnOptions = {
    stdio: ["ignore", "pipe", "pipe", "pipe", "pipe", "pipe"],
    detached: process.platform !== "win32", // a group of its own: what it starts ends with it, and no key of a terminal reaches it
    windowsHide: true,
  };
  return spawn(process.execPath, [...nodeArguments(process.execArgv, load.memoryBytesMax), fileURLToPath(program), childMark], options);
}

function endOf(kind: Answer["kind"], payload: Uint8Array): AttemptEnd {
  if (kind === "returned") return { kind, value: decodeValue(payload) };
  const error = errorIn(payload);
  if (kind === "threw") return { kind, value: error };
  if (kind === "refused" && error instanceof DataFlowerError) return { kind, error };
  throw corrupt(`"${kind}", for which it has no reason`);
}

/** Task code can write to the pipe: what must be ErrorData may be anything, and building an error of it may fail. */
function errorIn(payload: Uint8Array): unknown {
  try {
    return dataToError(decodeValue(payload) as ErrorData);
  } catch {
    throw corrupt("an error that is none");
  }
}

function corrupt(found: string): DataFlowerError {
  return new DataFlowerError("DF_FRAME_CORRUPT", `Cannot read from a process as it must send frames that are called for: found ${found}`);
}

const stalled = (): DataFlowerError => corrupt(`half a frame, which has not grown for ${stalledFrameMsMax} ms`);
