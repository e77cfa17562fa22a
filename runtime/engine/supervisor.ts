import { catalogue, DataFlowerError, type ErrorCode } from "../../actors/kernel/errors.js";
import { restartWindowMs } from "../../actors/kernel/limits.js";
import { RestartWindow } from "../../actors/kernel/supervision.js";
import type { Graph, ResolvedTaskOptions } from "../../actors/workflow/graph.js";
import type { Charge } from "../../actors/workflow/run-past.js";
import { dataToError, errorToData } from "../codec/error-codec.js";
import type { InHandRecord } from "../memory/in-hand.js";
import { isRingCorrupt } from "../memory/is-ring-corrupt.js";
import type { Regions } from "../memory/regions.js";
import { after, nowMs } from "../observe/system-clock.js";
import type { Bells } from "../worker/bells.js";
import type { WorkflowRegistration } from "../worker/worker-start.js";
import type { ControlCalls } from "./control-calls.js";
import type { Dispatch } from "./dispatch.js";
import type { Recorder } from "./journal/recorder.js";
import { type Remains, repairAfter } from "./repair.js";
import type { RunRecord } from "./run.js";
import { taskOfPositions } from "./task-of-positions.js";
import { type Lateness, WatchDog, watchMs } from "./watch-dog.js";
import type { ThreadEnd, WorkerThread } from "./worker-threads.js";

export interface SupervisorLimits {
  /** How long an attempt may hold its thread after its run is over, in ms. */
  readonly cancelGraceMs: number;
  /** Ends of threads within `restartWindowMs` that no task is to blame for. */
  readonly restartsMax: number;
  /** Ends of threads that one run may be suspected of. */
  readonly crashAttemptsMax: number;
}

export interface SupervisorParts {
  readonly regions: Regions;
  readonly dispatch: Dispatch;
  readonly recorder: Recorder;
  readonly bells: Bells;
  readonly limits: SupervisorLimits;
  /** Gives a worker a thread, a new one each time, which loads `workflows` before it takes work. */
  readonly start: (worker: number, workflows: readonly WorkflowRegistration[]) => WorkerThread<ControlCalls>;
  readonly graphOf: (workflowId: number) => Graph | undefined;
  /** The engine cannot go on. */
  readonly onUnhealthy: (error: DataFlowerError) => void;
}

/** A worker as its supervisor knows it. */
interface Supervised {
  thread: WorkerThread<ControlCalls>;
  dog: WatchDog;
  /** Why its thread is being killed. */
  lateness: Lateness | undefined;
  /** Why what it has sent cannot be read, and its thread is being killed. */
  broken: DataFlowerError | undefined;
  /** When that was decided, or when its end was noticed. */
  seenAt: number;
}

/** What losing and replacing threads took, in ms, newest last. */
export interface Recovery {
  readonly worker: number;
  /** From the moment that the thread had exited, to that at which its successor was made. */
  readonly repairMs: number;
  /** From the decision to kill it to its exit; 0 where it ended by itself. */
  readonly killMs: number;
}

const recoveriesKeptMax = 1000;

/**
 * Keeps the workers alive: kills those that are held, repairs what ended ones left, blames the task that was in hand, and replaces them.
 *
 * After a thread's exit, in this order: what it sent is taken in, so that runs that have ended stay ended; its claims in shared memory
 * are made good; the task in its hand is charged with the attempt; every run that it had to do with is taken away from whoever has it
 * and starts again from its input; a successor is made; the others are woken, as the ended one may have owed them a bell.
 */
export class Supervisor {
  readonly #parts: SupervisorParts;
  readonly #workers: Supervised[] = [];
  readonly #workflows: WorkflowRegistration[] = [];
  readonly #restarts: RestartWindow;
  #stopWatching: (() => void) | undefined;
  #isStopped = false;
  /** Threads that have ended by themselves or were killed. */
  readonly recoveries: Recovery[] = [];

  constructor(parts: SupervisorParts) {
    this.#parts = parts;
    this.#restarts = new RestartWindow(parts.limits.restartsMax);
    for (let worker = 0; worker < parts.regions.plan.workers; worker++) this.#workers.push(this.#supervise(worker, 0));
  }

  get threads(): WorkerThread<ControlCalls>[] {
    return this.#workers.map(({ thread }) => thread);
  }

  /** Makes a workflow known to every worker, and to every later one. */
  async register(workflow: WorkflowRegistration): Promise<void> {
    this.#workflows.push(workflow);
    try {
      await Promise.all(this.#workers.map((_, worker) => this.#registerWith(worker, workflow)));
    } catch (error) {
      this.#workflows.splice(this.#workflows.indexOf(workflow), 1);
      throw error;
    }
  }

  /** Something may be held now: looks at the workers from time to time until nothing is. */
  watch(): void {
    if (this.#stopWatching !== undefined || this.#isStopped) return;
    const dueAt = nowMs() + watchMs;
    this.#stopWatching = after(watchMs, () => {
      this.#stopWatching = undefined;
      this.#look(dueAt);
    });
  }

  /** What a worker has sent cannot be read: that its thread ends is nobody's fault but ours. */
  broken(worker: number, error: DataFlowerError): void {
    const supervised = this.#workers[worker] as Supervised;
    if (this.#isStopped || supervised.broken !== undefined) return;
    supervised.broken = error;
    supervised.seenAt = nowMs();
    supervised.thread.kill(); // without effect when it has ended already
  }

  /** Leaves the threads to their fate. */
  stop(): void {
    this.#isStopped = true;
    this.#stopWatching?.();
  }

  async #registerWith(worker: number, workflow: WorkflowRegistration): Promise<void> {
    for (;;) {
      const { thread } = this.#workers[worker] as Supervised;
      try {
        return await thread.calls.register(workflow);
      } catch (error) {
        if (!thread.calls.isLost) throw error;
        await thread.ended; // its successor is made by then
        if (this.#isStopped || this.#workers[worker]?.thread === thread) throw error;
      }
    }
  }

  #supervise(worker: number, seenAt: number): Supervised {
    const { regions, limits } = this.#parts;
    const dog = new WatchDog(regions.inHand(worker), (record) => this.#limitsOf(record), limits.cancelGraceMs);
    const supervised = { thread: this.#parts.start(worker, [...this.#workflows]), dog, lateness: undefined, broken: undefined, seenAt };
    void supervised.thread.ended.then((end) => this.#ended(worker, end));
    return supervised;
  }

  #limitsOf(record: Pick<InHandRecord, "slot" | "epoch" | "positions">) {
    const run = this.#parts.dispatch.liveRun(record.slot, record.epoch);
    const graph = run === undefined ? undefined : this.#parts.graphOf(run.workflowId);
    return graph?.options(taskOfPositions(graph, record.positions).node);
  }

  #look(dueAt: number): void {
    const { dispatch } = this.#parts;
    if (this.#isStopped) return;
    const now = nowMs();
    // This thread is the caller's own and may have been held: what workers have sent meanwhile comes before any judgement.
    if (now - dueAt > 4 * watchMs) dispatch.drain();
    for (const worker of this.#workers) {
      if (worker.lateness !== undefined) continue;
      worker.lateness = worker.dog.look(now);
      if (worker.lateness === undefined) continue;
      worker.seenAt = now;
      worker.thread.kill();
    }
    // Runs wait for tickets that somebody else has dropped, slots for guests to leave: neither rings this thread.
    if (dispatch.retiringCount > 0 || dispatch.waitingCount > 0) dispatch.wake();
    // A guest may hold its thread for a run that has failed, and of which nothing is left but that.
    if (dispatch.liveCount > 0 || dispatch.waitingCount > 0 || dispatch.retiringCount > 0 || this.#isAnythingInHand()) this.watch();
  }

  #isAnythingInHand(): boolean {
    return this.#workers.some((_, worker) => this.#parts.regions.inHand(worker).read() !== undefined);
  }

  #ended(worker: number, end: ThreadEnd): void {
    const { regions, dispatch, bells } = this.#parts;
    const supervised = this.#workers[worker] as Supervised; // it was supervised until now
    const { thread, lateness, seenAt } = supervised;
    const exitedAt = nowMs();
    thread.calls.lose(lossOf(worker, supervised.broken ?? end.cause));
    if (this.#isStopped) return;
    if (!end.hasExited) {
      this.#giveUp(
        new DataFlowerError("DF_POOL_UNHEALTHY", `Cannot go on as the thread of worker ${worker} does not end when it is killed`),
      );
      return;
    }
    const isKilled = lateness !== undefined || supervised.broken !== undefined;
    dispatch.ended(worker);
    const cause = supervised.broken ?? end.cause; // that it is broken may have been found just now
    const remains = repairAfter(worker, regions, (slot) => dispatch.liveIn(slot) !== undefined);
    const runs = remains.slots.flatMap((slot) => dispatch.liveIn(slot) ?? []);
    const blamed = this.#blame(worker, remains, lateness, cause);
    const isUnexplained = blamed === undefined && lateness === undefined;
    // Of the runs that may be why threads end, one is under way at a time: an end that it had a part in counts against it.
    const isSuspected = isUnexplained && runs.some(({ crashes }) => crashes > 0);
    if (isUnexplained && !isSuspected && !this.#restarts.allows(exitedAt)) {
      this.#giveUp(poolUnhealthy(this.#parts.limits.restartsMax, cause));
      return;
    }
    for (const run of runs) this.#startAgain(run, worker, isUnexplained ? lossOf(worker, cause) : undefined);
    for (const slot of remains.leaving) dispatch.takeOut(slot, worker);
    const successor = this.#supervise(worker, exitedAt);
    this.#workers[worker] = successor;
    dispatch.replaced(worker);
    for (let other = 0; other < this.#workers.length; other++) if (other !== worker) bells.wake(other);
    this.#note({ worker, repairMs: nowMs() - exitedAt, killMs: isKilled ? exitedAt - seenAt : 0 });
    this.watch();
  }

  /** Starts a run again from its input. One that was there too often when a thread ended, for no reason that is known, ends instead. */
  #startAgain(run: RunRecord, worker: number, unexplained: DataFlowerError | undefined): void {
    const { dispatch, limits } = this.#parts;
    if (run.slot < 0) return; // it has ended meanwhile
    if (unexplained !== undefined) run.crashes += 1;
    if (run.crashes >= limits.crashAttemptsMax) dispatch.cancel(run, "failed", suspected(run, unexplained));
    else dispatch.restart(run, worker);
  }

  /**
   * Charges the task that the record names as executing, or the one that was late; nobody else, and nobody at all when a frame was lost.
   *
   * @returns the run of that task
   */
  #blame(worker: number, remains: Remains, lateness: Lateness | undefined, cause: unknown): RunRecord | undefined {
    if (lateness?.kind === "unwanted" || (lateness === undefined && isRingCorrupt(ownError(cause)))) return undefined;
    const record = lateness?.kind === "stuck" ? remains.waiting : remains.inHand;
    if (record === undefined || (lateness !== undefined && record.sequence !== lateness.record.sequence)) return undefined;
    const { dispatch, graphOf } = this.#parts;
    const run = dispatch.liveRun(record.slot, record.epoch);
    const graph = run === undefined ? undefined : graphOf(run.workflowId);
    if (run === undefined || graph === undefined) return undefined;
    const { node, path } = taskOfPositions(graph, record.positions);
    const { positions, attempt } = record;
    const code = lateness === undefined ? (isOutOfMemory(cause) ? "DF_TASK_OOM" : "DF_WORKER_LOST") : "DF_TASK_TIMEOUT";
    const why = lateness === undefined ? whyLost(code, worker) : whyLate(lateness, graph.options(node));
    const message = `Cannot finish ${path} as ${why}: attempt ${attempt} ended so`;
    const known = lateness === undefined ? dataToError(errorToData(cause)) : undefined; // data, as the charge crosses
    const charge: Charge = { positions, attempts: attempt, code, message, cause: known };
    const key = positions.join();
    run.charges = [...(run.charges ?? []).filter((other) => other.positions.join() !== key), charge];
    this.#parts.recorder.charged(run, charge);
    return run;
  }

  #giveUp(error: DataFlowerError): void {
    this.stop();
    this.#parts.onUnhealthy(error);
  }

  #note(recovery: Recovery): void {
    this.recoveries.push(recovery);
    if (this.recoveries.length > recoveriesKeptMax) this.recoveries.shift();
  }
}

function whyLost(code: string, worker: number): string {
  return code === "DF_TASK_OOM" ? "its worker's heap must stay below limits.heapMbMax" : `the thread of worker ${worker} must live`;
}

function whyLate(
  { kind }: Lateness,
  { timeoutMs, heartbeatTimeoutMs }: Pick<ResolvedTaskOptions, "timeoutMs" | "heartbeatTimeoutMs">,
): string {
  const ofLife = `give a sign of life within its heartbeatTimeout of ${heartbeatTimeoutMs} ms`;
  if (kind === "heartbeat") return `an attempt must ${ofLife}`;
  const whole = `an attempt must end within its timeout of ${timeoutMs} ms`;
  return kind === "stuck" && heartbeatTimeoutMs < timeoutMs ? `${whole} and ${ofLife}` : whole; // which of the two was due is not known
}

function suspected(run: RunRecord, loss: DataFlowerError | undefined): DataFlowerError {
  const message = `Cannot finish run ${run.id} as the threads that execute it must live: ${run.crashes} have ended meanwhile`;
  return new DataFlowerError(loss?.code ?? "DF_WORKER_LOST", message, { cause: loss?.cause, runId: run.id });
}

function poolUnhealthy(restartsMax: number, cause: unknown): DataFlowerError {
  const often = `no more than ${restartsMax} threads may end within ${restartWindowMs / 1000} s without a task to blame`;
  return new DataFlowerError("DF_POOL_UNHEALTHY", `Cannot go on as ${often}: found one more`, { cause });
}

function isOutOfMemory(cause: unknown): boolean {
  return typeof cause === "object" && cause !== null && (cause as { code?: unknown }).code === "ERR_WORKER_OUT_OF_MEMORY";
}

/** What a call to an ended worker is answered with. */
function lossOf(worker: number, cause: unknown): DataFlowerError {
  if (isOutOfMemory(cause)) {
    const message = `Cannot finish the tasks of worker ${worker} as its heap must stay below limits.heapMbMax`;
    return new DataFlowerError("DF_TASK_OOM", message, { cause });
  }
  const own = ownError(cause);
  if (own !== undefined) return own;
  return new DataFlowerError("DF_WORKER_LOST", `Cannot finish the tasks of worker ${worker} as its thread must live: it ended`, { cause });
}

/** An error of ours that nobody caught in the worker: it crosses without its class, but with its name and code. */
function ownError(cause: unknown): DataFlowerError | undefined {
  if (!(cause instanceof Error) || cause.name !== "DataFlowerError") return undefined;
  const { code } = cause as { code?: unknown };
  return typeof code === "string" && Object.hasOwn(catalogue, code)
    ? new DataFlowerError(code as ErrorCode, cause.message, { cause })
    : undefined;
}
