import type { Actor, ActorRef } from "../kernel/actor.js";
import { DataFlowerError } from "../kernel/errors.js";
import { TimerWheel } from "../kernel/timer-wheel.js";
import type { CheckpointMessage, SchedulerMessage, TaskEnded, TaskMessage } from "../messages.js";
import type { Ports } from "../ports.js";
import { taskInput } from "./advance.js";
import { retryDelayMs } from "./retry.js";
import type { Past, ReadyTask, Run } from "./run.js";

/** With more pending attempts than this, the one due first is looked for at most every `rescanMs`. */
const rescannedAttemptsMax = 1_000;
/** In ms. */
const rescanMs = 10;

/** Whom the task actor tells. */
export interface TaskActorRefs {
  readonly scheduler: Pick<ActorRef<SchedulerMessage>, "tell">;
  readonly checkpoint: Pick<ActorRef<CheckpointMessage>, "tell">;
  readonly self: Pick<ActorRef<TaskMessage>, "tell">;
}

/**
 * Runs attempts: hands over the inputs, has the handler called, takes the output, ends what takes too long. One a worker, reused for
 * every task.
 *
 *                         handler returned or threw
 *   run-task ──▶ (handler) ───────────────────────────────────────────▶ ENDED: one task-ended, or for a run that is over only the place
 *                   │ gave a promise        settled, broken, or due        ▲
 *                   ├──────────────▶ PENDING ──────────────────────────────┤
 *                   │                  ▲ └── run-over: aborted ────────────┤
 *                   │ queued           │ begun                             │
 *                   └──────────────▶ QUEUED ── broken, or run-over ────────┘
 *
 *   retry ──▶ WAITING ── due ──▶ the scheduler's ready set                 run-over: dropped
 *
 * An attempt whose start has to be recorded is recorded and waits, beside others, until that is durable; then it begins like any other.
 *
 * What comes first decides: a promise that settles behind its time-out is dropped, and a handler that returns behind its own, having
 * held the thread until then, is accepted (a thread held for too long is ended from outside, by what `ports.inHand` says).
 */
export class TaskActor implements Actor<TaskMessage> {
  readonly #ports: Ports;
  readonly #scheduler: Pick<ActorRef<SchedulerMessage>, "tell">;
  readonly #checkpoint: Pick<ActorRef<CheckpointMessage>, "tell">;
  readonly #self: Pick<ActorRef<TaskMessage>, "tell">;
  /**
   * PENDING and QUEUED attempts, in no order, and when each started, in ms. Each knows its place. (Not in a map: at this rate it would be made anew
   * all the time, and each of its old tables would keep what it held last, and the next one, alive until a full collection.)
   */
  readonly #pending: ReadyTask[] = [];
  readonly #pendingSince: number[] = [];
  /** Time-outs of pending attempts, and tasks that wait for their next one. */
  readonly #wheel: TimerWheel<ReadyTask>;
  /** The pending attempt that `ports.inHand` shows. */
  #dueFirst: ReadyTask | undefined;
  #dueFirstAt = Number.POSITIVE_INFINITY;
  /** That one has ended or been put off: another may be due first now. */
  #isDueFirstStale = false;
  #rescannedAt = Number.NEGATIVE_INFINITY;
  #isRescanSet = false;

  constructor(ports: Ports, { scheduler, checkpoint, self }: TaskActorRefs) {
    this.#ports = ports;
    this.#scheduler = scheduler;
    this.#checkpoint = checkpoint;
    this.#self = self;
    this.#wheel = new TimerWheel(ports.clock, () => void self.tell({ kind: "tick" }));
  }

  receive(message: TaskMessage): void {
    switch (message.kind) {
      case "run-task":
        this.#start(message);
        break;
      case "settled":
        this.#ended(message.task, message.isOk ? "returned" : "threw", message.value, message.heartbeat);
        break;
      case "begun":
        this.#begun(message.task);
        break;
      case "broken":
        this.#ended(message.task, message.outcome, message.error, message.heartbeat);
        break;
      case "retry":
        this.#retry(message.task, message.dueAt);
        break;
      case "tick":
        this.#wheel.expired((task, dueAt) => this.#due(task, dueAt));
        break;
      case "run-over":
        this.#abandon(message.run, message.reason);
        break;
    }
  }

  stopped(): void {
    this.#wheel.close();
  }

  /** The thread goes back to its event loop: from here on user code may run that no attempt in hand stands for. */
  endTurn(): void {
    if (this.#isDueFirstStale) this.#rescan();
  }

  #start(task: ReadyTask): void {
    const { run } = task;
    const { watch, executor, inHand, presence } = this.#ports;
    if (run.isOver || !(run.isGuest || presence.isCurrent(run))) {
      this.#skip(task);
      return;
    }
    // Its inputs may have ended elsewhere since this thread read its clock last: no task starts before they have.
    const startedAt = run.isShared ? watch.lap() : watch.boundary;
    if (task.past !== undefined && task.past.dueAt > startedAt) {
      this.#putOff(task, task.past, startedAt);
      return;
    }
    if (this.#mustMark(task) && !this.#mark(task)) return;
    if (run.isGuest && !this.#enter(task)) return;
    if (task.past?.end !== undefined) {
      const { end, heartbeat } = task.past;
      this.#tellEnd(task, end.outcome, end.value, heartbeat, startedAt);
      return;
    }
    inHand.begin(task);
    const input = taskInput(task.scope, task.instance, task.node);
    const outcome = executor.start(task, input);
    const endedAt = watch.lap();
    if (outcome === "pending") this.#pend(task, startedAt, endedAt);
    else if (outcome === "queued") this.#queue(task, startedAt);
    else {
      this.#observe(task, startedAt, endedAt, outcome === "returned");
      const heartbeat = outcome === "threw" ? executor.lastHeartbeat(task)?.details : undefined;
      this.#tellEnd(task, outcome, executor.value, heartbeat, endedAt);
    }
  }

  /**
   * The time of its next attempt, known from before its run had this home, has not come. It is waited for no longer than the attempt can
   * have been told to: a clock that was set back since then would have it wait for as long as that.
   */
  #putOff(task: ReadyTask, past: Past, now: number): void {
    const longestMs = retryDelayMs(task.run.workflow.graph.options(task.node), task.attempt - 1, () => 1);
    task.past = { ...past, dueAt: 0 };
    this.#skip(task);
    this.#retry(task, Math.min(past.dueAt, now + longestMs));
  }

  #mustMark(task: ReadyTask): boolean {
    const { run, node } = task;
    if (!(task.mustMark || run.workflow.isOnce(node)) || task.isMarked || task.past?.end !== undefined) return false;
    return this.#ports.journal.records(run, node);
  }

  /** Records that the attempt is about to start; false while that is not durable: it begins then. */
  #mark(task: ReadyTask): boolean {
    const { journal } = this.#ports;
    const batch = journal.started(task);
    task.isMarked = true;
    if (journal.isDurable(batch)) return true;
    task.isPending = true;
    this.#scheduler.tell({ kind: "task-pending", task });
    this.#checkpoint.tell({ kind: "recorded", batch, goOn: () => void this.#self.tell(task) });
    return false;
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
    this.#addPending(task, startedAt);
    this.#watch(task, this.#dueAt(task, startedAt));
    const handler = task.run.workflow.graph.handler[task.node] as number;
    task.run.workflow.observeCall(handler, returnedAt - startedAt);
    if (!task.run.workflow.isBlocking(handler)) this.#tellPending(task);
  }

  /** It holds nothing of this thread, and its time has not begun. */
  #queue(task: ReadyTask, startedAt: number): void {
    this.#addPending(task, startedAt);
    this.#tellPending(task);
  }

  #begun(task: ReadyTask): void {
    if (task.pendingPlace < 0) return; // it was given up
    const at = this.#ports.watch.lap();
    this.#pendingSince[task.pendingPlace] = at;
    this.#watch(task, this.#dueAt(task, at));
  }

  #addPending(task: ReadyTask, startedAt: number): void {
    task.pendingPlace = this.#pending.push(task) - 1;
    this.#pendingSince.push(startedAt);
    task.run.unfinished += 1;
  }

  #tellPending(task: ReadyTask): void {
    if (task.isPending) return;
    task.isPending = true;
    this.#scheduler.tell({ kind: "task-pending", task });
  }

  /** A pending attempt has ended by itself. */
  #ended(task: ReadyTask, outcome: TaskEnded["outcome"], value: unknown, heartbeat: unknown): void {
    const startedAt = this.#endPending(task);
    if (startedAt === undefined) return; // it was given up
    const at = this.#ports.watch.lap();
    const isOk = outcome === "returned";
    this.#observe(task, startedAt, at, isOk);
    this.#tellEnd(task, outcome, value, isOk ? undefined : heartbeat, at);
  }

  /** When the attempt's time is over, in ms, as far as its heartbeats tell until now; Infinity: never. */
  #dueAt(task: ReadyTask, startedAt: number): number {
    const { timeoutMs, heartbeatTimeoutMs } = task.run.workflow.graph.options(task.node);
    if (heartbeatTimeoutMs === Number.POSITIVE_INFINITY) return startedAt + timeoutMs;
    const aliveAt = this.#ports.executor.lastHeartbeat(task)?.at ?? startedAt;
    return Math.min(startedAt + timeoutMs, aliveAt + heartbeatTimeoutMs);
  }

  #watch(task: ReadyTask, dueAt: number): void {
    if (dueAt === Number.POSITIVE_INFINITY) return;
    task.timer = this.#wheel.set(task, dueAt);
    if (dueAt < this.#dueFirstAt) this.#show(task, dueAt);
  }

  #retry(task: ReadyTask, dueAt: number): void {
    if (task.run.isOver) return;
    task.timer = this.#wheel.set(task, dueAt);
    task.run.unfinished += 1;
  }

  /** A task's timer has come. */
  #due(task: ReadyTask, timerDueAt: number): void {
    task.timer = undefined;
    if (task.pendingPlace >= 0) this.#outOfTime(task, this.#pendingSince[task.pendingPlace] as number, timerDueAt);
    else {
      task.run.unfinished -= 1;
      if (!task.run.isOver) this.#scheduler.tell({ kind: "tasks-ready", ready: task });
    }
  }

  /** A heartbeat only leaves its time behind: it is looked at here, when the time that was set without it is over. */
  #outOfTime(task: ReadyTask, startedAt: number, timerDueAt: number): void {
    const { executor, watch } = this.#ports;
    if (task === this.#dueFirst) this.#isDueFirstStale = true;
    const dueAt = this.#dueAt(task, startedAt);
    if (dueAt > timerDueAt) {
      this.#watch(task, dueAt);
      return;
    }
    const heartbeat = executor.lastHeartbeat(task)?.details;
    const error = outOfTime(task, startedAt + task.run.workflow.graph.options(task.node).timeoutMs <= dueAt);
    this.#endPending(task);
    this.#abort(task, error);
    const at = watch.lap();
    this.#observe(task, startedAt, at, false);
    this.#tellEnd(task, "timed-out", error, heartbeat, at);
  }

  /** What listens to the signal runs at once, so the attempt is in hand again. */
  #abort(task: ReadyTask, reason: DataFlowerError): void {
    this.#ports.inHand.begin(task);
    this.#ports.executor.abort(task, reason);
  }

  /** Gives up all that is unfinished of a run that is over. Whatever ends of it later is not heard any more. */
  #abandon(run: Run, reason: DataFlowerError): void {
    if (run.unfinished === 0) return;
    for (const task of this.#pending.filter((pending) => pending.run === run)) {
      this.#endPending(task);
      this.#abort(task, reason);
      if (run.isGuest) {
        this.#ports.reports.release(run.home);
        this.#ports.presence.leave(run);
      }
      this.#scheduler.tell({ kind: "task-done", task, ready: undefined });
    }
    this.#wheel.removeWhere((task) => task.run === run);
    run.unfinished = 0;
  }

  /** @returns when the attempt started, in ms; undefined when it was not pending */
  #endPending(task: ReadyTask): number | undefined {
    const place = task.pendingPlace;
    if (place < 0) return undefined;
    const startedAt = this.#pendingSince[place] as number;
    this.#removePending(place);
    task.run.unfinished -= 1;
    if (task.timer !== undefined) this.#wheel.clear(task.timer);
    task.timer = undefined;
    if (task === this.#dueFirst) this.#isDueFirstStale = true;
    return startedAt;
  }

  /** The last one takes the place. */
  #removePending(place: number): void {
    const task = this.#pending[place] as ReadyTask; // there is one, and so there is a last one
    const last = this.#pending.pop() as ReadyTask;
    const lastSince = this.#pendingSince.pop() as number;
    task.pendingPlace = -1;
    if (last === task) return;
    this.#pending[place] = last;
    this.#pendingSince[place] = lastSince;
    last.pendingPlace = place;
  }

  #show(task: ReadyTask | undefined, dueAt: number): void {
    this.#dueFirst = task;
    this.#dueFirstAt = dueAt;
    this.#isDueFirstStale = false;
    this.#ports.inHand.waits(task, dueAt);
  }

  /** Looks for the pending attempt that is due first. Of very many it is looked for only now and then: what is shown may have ended. */
  #rescan(): void {
    const now = this.#ports.watch.boundary;
    if (this.#pending.length > rescannedAttemptsMax && now - this.#rescannedAt < rescanMs) {
      this.#rescanLater();
      return;
    }
    this.#rescannedAt = now;
    let first: ReadyTask | undefined;
    let firstAt = Number.POSITIVE_INFINITY;
    for (const task of this.#pending) {
      if (task.timer === undefined || task.timer.dueAt >= firstAt) continue;
      first = task;
      firstAt = task.timer.dueAt;
    }
    this.#show(first, firstAt);
  }

  /** A turn of the worker follows, be it for nothing else. */
  #rescanLater(): void {
    if (this.#isRescanSet) return;
    this.#isRescanSet = true;
    this.#ports.clock.after(rescanMs, () => {
      this.#isRescanSet = false;
      this.#self.tell({ kind: "tick" });
    });
  }

  #observe(task: ReadyTask, startedAt: number, at: number, isReturned: boolean): void {
    const { run } = task;
    const serviceMs = at - startedAt;
    this.#ports.latency.task(task, startedAt, at, isReturned);
    run.workflow.observe(task.node, serviceMs);
    run.ready.observe?.(task, { serviceMs, isOk: isReturned });
    run.tasks += 1;
    run.workMs += serviceMs;
    if (run.isShared && !run.isOver) run.space.noteWork(); // the memory of a run that is over may be gone
  }

  #tellEnd(task: ReadyTask, outcome: TaskEnded["outcome"], value: unknown, heartbeat: unknown, at: number): void {
    task.run.actor.tell({ kind: "task-ended", task, outcome, value, heartbeat, at });
  }
}

function outOfTime(task: ReadyTask, isWhole: boolean): DataFlowerError {
  const { path, attempt, runId } = task;
  const { attempts, timeoutMs, heartbeatTimeoutMs } = task.run.workflow.graph.options(task.node);
  const rule = isWhole
    ? `end within its timeout of ${timeoutMs} ms`
    : `give a heartbeat within its heartbeatTimeout of ${heartbeatTimeoutMs} ms`;
  const message = `Cannot finish ${path} as an attempt must ${rule}: attempt ${attempt} of ${attempts} did not`;
  return new DataFlowerError("DF_TASK_TIMEOUT", message, { task: path, attempts: attempt, runId });
}
