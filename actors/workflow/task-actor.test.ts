import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ManualClock } from "../kernel/clock.js";
import { DataFlowerError } from "../kernel/errors.js";
import { ActorSystem } from "../kernel/system.js";
import { tickMs } from "../kernel/timer-wheel.js";
import { noReservations, noSharing } from "../lone-ports.js";
import type { SchedulerMessage, TaskMessage } from "../messages.js";
import type { Heartbeat, Ports } from "../ports.js";
import { RunReadySet } from "../scheduling/run-ready-set.js";
import { SchedulerActor } from "../scheduling/scheduler-actor.js";
import { graphOf } from "./graph.fixture.js";
import { type Graph, NODE_TASK, type ResolvedTaskOptions } from "./graph.js";
import { ReadyTask, type Run, type TaskEnded } from "./run.js";
import { liveRun } from "./scope.fixture.js";
import { ManualStopwatch } from "./simulated-ports.fixture.js";
import { TaskActor } from "./task-actor.js";

const plainGraph = graphOf([{ nodes: [{ kind: NODE_TASK, name: "resize" }] }]);

function graphWith(options: Partial<ResolvedTaskOptions>): Graph {
  const all = { ...plainGraph.options(1), attempts: 3, ...options };
  return { ...plainGraph, options: () => all };
}

const cancelled = new DataFlowerError("DF_CANCELLED", "over");
/** How much later than its time something may come, in ms. */
const lateMax = tickMs + 1;

/** A manual clock whose event loop takes turns: a timer without delay comes with the next one, and something may hold the thread. */
class TurnClock extends ManualClock {
  #heldMs = 0;
  #soon: (() => void)[] = [];

  override nowMs(): number {
    return super.nowMs() + this.#heldMs;
  }

  override after(ms: number, run: () => void): () => void {
    if (ms > 0) return super.after(ms, run);
    this.#soon.push(run);
    return () => {
      this.#soon = this.#soon.filter((other) => other !== run);
    };
  }

  /** Time passes, and no timer can come. */
  hold(ms: number): void {
    this.#heldMs += ms;
  }

  turn(): void {
    for (const run of this.#soon.splice(0)) run();
  }
}

/** A task actor with all that it does in plain view. Attempts wait for promises unless `next` says otherwise. */
class Bench {
  readonly clock = new TurnClock(1000);
  readonly watch = new ManualStopwatch(this.clock);
  readonly system = new ActorSystem({ clock: this.clock });
  readonly heard: SchedulerMessage[] = [];
  readonly ended: TaskEnded[] = [];
  readonly aborted: [ReadyTask, DataFlowerError][] = [];
  /** Of attempts that have ended, in ms. */
  readonly starts: number[] = [];
  readonly heartbeats = new Map<ReadyTask, Heartbeat>();
  readonly log: string[] = [];
  readonly tookMs: number[] = [];
  next: "returned" | "threw" | "pending" | "queued" = "pending";
  value: unknown;
  entered = 0;
  reserved = 0;
  takenAway: Run | undefined;
  waiting: { readonly task: ReadyTask | undefined; readonly dueAt: number } = { task: undefined, dueAt: Number.POSITIVE_INFINITY };
  readonly own: TaskActor;
  readonly #ref;

  constructor(onSchedulerMessage?: (message: SchedulerMessage) => void) {
    const scheduler = this.system.spawn<SchedulerMessage>("scheduler", () => ({
      receive: (message) => {
        this.heard.push(message);
        onSchedulerMessage?.(message);
      },
    }));
    let own: TaskActor | undefined;
    this.#ref = this.system.spawn<TaskMessage>("task", (self) => {
      own = new TaskActor(this.#ports(), { scheduler, checkpoint: { tell: () => true }, self });
      return own;
    });
    if (own === undefined) expect.fail("an actor is made when it is spawned");
    this.own = own;
  }

  #ports(): Ports {
    const executor: Ports["executor"] = {
      start: (task) => {
        this.log.push(`start ${task.runId}`);
        return this.next;
      },
      value: undefined,
      abort: (task, reason) => {
        this.log.push(`abort ${task.runId}`);
        this.aborted.push([task, reason]);
      },
      lastHeartbeat: (task) => this.heartbeats.get(task),
    };
    return {
      watch: this.watch,
      clock: this.clock,
      executor: Object.defineProperty(executor, "value", { get: () => this.value }),
      presence: {
        isCurrent: (run: Run) => run !== this.takenAway,
        enter: () => {
          this.entered += 1;
          return true;
        },
        leave: () => void this.entered--,
      },
      reports: { reserve: () => ++this.reserved > 0, release: () => void this.reserved-- },
      latency: {
        task: (_: ReadyTask, startedAt: number, endedAt: number) => {
          this.starts.push(startedAt);
          this.tookMs.push(endedAt - startedAt);
        },
      },
      inHand: {
        begin: (task: ReadyTask) => void this.log.push(`in hand ${task.runId}`),
        waits: (task: ReadyTask | undefined, dueAt: number) => {
          this.waiting = { task, dueAt };
        },
      },
    } as unknown as Ports; // the task actor uses no other port
  }

  run(options: Partial<ResolvedTaskOptions>, order = 0, isGuest = false): Run {
    const run = liveRun(graphWith(options), { order, isGuest });
    run.actor = {
      name: "run",
      stop() {},
      tell: (message) => {
        if (message.kind === "task-ended") this.ended.push(message);
        if (message.kind === "task-ended" && isGuest) {
          this.reserved -= 1;
          this.entered -= 1;
        }
        return true;
      },
    };
    return run;
  }

  tell(...messages: TaskMessage[]): void {
    for (const message of messages) this.#ref.tell(message);
    this.turn();
  }

  turn(): void {
    this.watch.lap();
    while (!this.system.isIdle) this.system.run(1);
    this.own.endTurn();
  }

  /** Lets time pass; the worker takes a turn when there is something to do. */
  pass(ms: number): void {
    for (const until = this.clock.nowMs() + ms; this.clock.nowMs() < until; ) {
      this.clock.turn();
      this.clock.advance(Math.min(1, until - this.clock.nowMs()));
      if (!this.system.isIdle) this.turn();
    }
  }

  stop(): void {
    this.#ref.stop();
  }
}

function readyTask(run: Run, attempt = 1): ReadyTask {
  const task = new ReadyTask(run, run.root, 1, 1, 1000);
  task.attempt = attempt;
  return task;
}

const settled = (task: ReadyTask, value: unknown = 7, isOk = true): TaskMessage => ({
  kind: "settled",
  task,
  isOk,
  value,
  heartbeat: "beat",
});

test.each([
  ["where it runs alone, at the newest boundary", false, 0],
  ["where others may have ended its inputs since, now", true, 5],
])("TaskActor: a task starts %s", (_, isShared, laterMs) => {
  const bench = new Bench();
  const task = readyTask(bench.run({}));
  task.run.isShared = isShared;
  task.run.space = { ...task.run.space, noteWork() {} };
  bench.next = "returned";
  const boundary = bench.watch.lap();
  bench.clock.advance(5);
  bench.own.receive(task);
  expect(bench.starts).toEqual([boundary + laterMs]);
});

describe("TaskActor: time-outs", () => {
  test("a pending attempt ends as timed-out, aborted, with an error that says which limit it broke", () => {
    const bench = new Bench();
    const task = readyTask(bench.run({ timeoutMs: 300 }), 2);
    bench.tell(task);
    bench.pass(299);
    expect(bench.ended).toEqual([]);
    bench.pass(1 + lateMax);
    expect(bench.ended).toEqual([expect.objectContaining({ task, outcome: "timed-out", heartbeat: undefined })]);
    const error = bench.ended[0]?.value;
    expect(error).toMatchObject({
      code: "DF_TASK_TIMEOUT",
      message: "Cannot finish resize as an attempt must end within its timeout of 300 ms: attempt 2 of 3 did not",
      task: "resize",
      attempts: 2,
      runId: "run-0",
    });
    expect(bench.aborted).toEqual([[task, error]]);
    expect(bench.log).toEqual(["in hand run-0", "start run-0", "in hand run-0", "abort run-0"]); // listeners to the signal are user code
  });

  test("what a promise settles with behind its time-out is dropped", () => {
    const bench = new Bench();
    const task = readyTask(bench.run({ timeoutMs: 10 }));
    bench.tell(task);
    bench.pass(20);
    bench.tell(settled(task), settled(task, "late", false));
    expect(bench.ended.map(({ outcome }) => outcome)).toEqual(["timed-out"]);
    expect(task.run.tasks).toBe(1);
  });

  test("whichever comes first decides, a promise that settles or the tick", () => {
    const bench = new Bench();
    const run = bench.run({ timeoutMs: 10 });
    const [early, late] = [readyTask(run), readyTask(run)];
    bench.tell(early, late);
    bench.clock.advance(9);
    bench.tell(settled(early));
    bench.clock.advance(10);
    expect(bench.system.isIdle).toBe(false); // the tick is on its way
    bench.tell(settled(late));
    bench.pass(100);
    expect(bench.ended.map(({ outcome, task }) => [outcome, task])).toEqual([
      ["returned", early],
      ["timed-out", late],
    ]);
  });

  test("a thread that was held takes in first what has settled meanwhile", () => {
    const bench = new Bench();
    const run = bench.run({ timeoutMs: 50 });
    const [kept, hanging] = [readyTask(run), readyTask(run)];
    bench.tell(kept, hanging);
    bench.clock.hold(500);
    bench.clock.advance(60);
    bench.turn();
    expect(bench.ended).toEqual([]);
    bench.tell(settled(kept));
    bench.pass(10);
    expect(bench.ended.map(({ outcome, task }) => [outcome, task])).toEqual([
      ["returned", kept],
      ["timed-out", hanging],
    ]);
  });

  test("a heartbeat puts heartbeatTimeout off, counted from the heartbeat; timeout stays", () => {
    const bench = new Bench();
    const task = readyTask(bench.run({ timeoutMs: 400, heartbeatTimeoutMs: 100 }));
    bench.tell(task);
    for (const details of [1, 2, 3]) {
      bench.pass(90);
      bench.heartbeats.set(task, { details, at: bench.clock.nowMs() });
    }
    bench.pass(99);
    expect(bench.ended).toEqual([]);
    bench.pass(1 + lateMax);
    expect(bench.ended).toEqual([expect.objectContaining({ outcome: "timed-out", heartbeat: 3 })]);
    expect(bench.ended[0]?.value).toMatchObject({
      message: "Cannot finish resize as an attempt must give a heartbeat within its heartbeatTimeout of 100 ms: attempt 1 of 3 did not",
    });
    const busy = readyTask(task.run);
    bench.tell(busy);
    for (let beat = 0; beat < 60; beat++) {
      bench.heartbeats.set(busy, { details: beat, at: bench.clock.nowMs() });
      bench.pass(10);
    }
    expect(bench.ended.slice(1)).toEqual([expect.objectContaining({ outcome: "timed-out", task: busy })]);
    expect(String(bench.ended[1]?.value)).toContain("its timeout of 400 ms");
  });

  test("no timer is set for a synchronous attempt, nor without a limit; a synchronous one is accepted however late", () => {
    const bench = new Bench();
    bench.next = "returned";
    bench.value = 5;
    bench.tell(readyTask(bench.run({ timeoutMs: 1 })));
    bench.next = "pending";
    bench.tell(readyTask(bench.run({})));
    bench.pass(1000);
    expect(bench.ended.map(({ outcome, value }) => [outcome, value])).toEqual([["returned", 5]]);
    expect(bench.waiting.task).toBeUndefined();
  });

  test("a failure carries the details of the attempt's last heartbeat, an output none", () => {
    const bench = new Bench();
    const run = bench.run({ timeoutMs: 100 });
    for (const outcome of ["threw", "returned"] as const) {
      bench.next = outcome;
      const task = readyTask(run);
      bench.heartbeats.set(task, { details: "sync", at: 0 });
      bench.tell(task);
    }
    bench.next = "pending";
    for (const isOk of [false, true]) {
      const task = readyTask(run);
      bench.tell(task, settled(task, 1, isOk));
    }
    expect(bench.ended.map(({ outcome, heartbeat }) => [outcome, heartbeat])).toEqual([
      ["threw", "sync"],
      ["returned", undefined],
      ["threw", "beat"],
      ["returned", undefined],
    ]);
  });

  test("lets go of the clock when it stops", () => {
    const bench = new Bench();
    bench.tell(readyTask(bench.run({ timeoutMs: 10 })));
    bench.stop();
    bench.clock.advance(1000);
    expect(bench.system.isIdle).toBe(true);
    expect(bench.ended).toEqual([]);
  });
});

describe("TaskActor: attempts that wait elsewhere for their turn", () => {
  test("their time begins when they are told so, and others start beside them until then", () => {
    const bench = new Bench();
    bench.next = "queued";
    const task = readyTask(bench.run({ timeoutMs: 100 }));
    bench.tell(task);
    expect(bench.heard).toEqual([{ kind: "task-pending", task }]);
    bench.pass(1000);
    expect(bench.ended).toEqual([]);
    bench.tell({ kind: "begun", task });
    bench.pass(99);
    expect(bench.ended).toEqual([]);
    bench.pass(1 + lateMax);
    expect(bench.ended).toEqual([expect.objectContaining({ task, outcome: "timed-out" })]);
    expect(bench.aborted).toHaveLength(1);
    expect(bench.tookMs).toEqual([expect.closeTo(100, -1)]);
    bench.tell({ kind: "begun", task }, settled(task));
    bench.pass(1000);
    expect(bench.ended).toHaveLength(1);
  });

  test.each(["crashed", "refused"] as const)("they may be broken, before their turn and after it: %s", (outcome) => {
    const bench = new Bench();
    bench.next = "queued";
    const run = bench.run({ timeoutMs: 100 });
    const error = new DataFlowerError("DF_WORKER_LOST", "gone");
    for (const hasBegun of [false, true]) {
      const task = readyTask(run);
      bench.tell(task);
      if (hasBegun) bench.tell({ kind: "begun", task });
      bench.tell({ kind: "broken", task, outcome, error, heartbeat: 5 }, settled(task));
      expect(bench.ended.splice(0)).toEqual([expect.objectContaining({ task, outcome, value: error, heartbeat: 5 })]);
    }
    bench.pass(1000);
    expect(bench.ended).toEqual([]);
    expect(run.unfinished).toBe(0);
  });

  test("they are given up with their run", () => {
    const bench = new Bench();
    bench.next = "queued";
    const task = readyTask(bench.run({ timeoutMs: 100 }));
    bench.tell(task, { kind: "run-over", run: task.run, reason: cancelled });
    expect(bench.aborted).toEqual([[task, cancelled]]);
    expect(task.run.unfinished).toBe(0);
  });
});

test.each([false, true])("TaskActor ends a task that has no attempt left without starting it; of a guest's run: %s", (isGuest) => {
  const bench = new Bench();
  const task = readyTask(bench.run({}, 0, isGuest), 3);
  const failure = new DataFlowerError("DF_WORKER_LOST", "gone");
  task.past = { heartbeat: 4, end: { outcome: "lost", value: failure }, dueAt: 0 };
  bench.tell(task);
  expect(bench.ended).toEqual([expect.objectContaining({ task, outcome: "lost", value: failure, heartbeat: 4 })]);
  expect(bench.log).toEqual([]);
  expect([bench.entered, bench.reserved, task.run.tasks]).toEqual([0, 0, 0]);
});

test("TaskActor ends a task that its scheduler has refused without starting it, and it says what the last attempt left behind", () => {
  const bench = new Bench();
  const task = readyTask(bench.run({}), 3);
  task.past = { heartbeat: 4, end: undefined, dueAt: 0 };
  const error = new DataFlowerError("DF_SCHEDULER_FAILED", "broken");
  task.refuse(error);
  expect(task.isPinned).toBe(true);
  bench.tell(task);
  expect(bench.ended).toEqual([expect.objectContaining({ task, outcome: "unscheduled", value: error, heartbeat: 4 })]);
  expect(bench.log).toEqual([]);
});

describe("TaskActor: tells the scheduler of a run", () => {
  test.each([
    ["returned", true],
    ["threw", false],
  ] as const)("how long an attempt took that %s, and whether it went well: %s", (outcome, isOk) => {
    const bench = new Bench();
    const observed: unknown[] = [];
    const task = readyTask(bench.run({}));
    Object.assign(task.run.ready, { observe: (...given: unknown[]) => void observed.push(given) });
    bench.next = outcome;
    bench.tell(task);
    expect(observed).toEqual([[task, { serviceMs: expect.any(Number), isOk }]]);
  });
});

describe("TaskActor: further attempts", () => {
  test("go to the scheduler at their time, in order of time", () => {
    const bench = new Bench();
    const run = bench.run({});
    const tasks = [300, 100, 0, -50].map((delayMs) => {
      const task = readyTask(run, 2);
      bench.tell({ kind: "retry", task, dueAt: bench.clock.nowMs() + delayMs });
      return task;
    });
    const ready = () => bench.heard.map((message) => tasks.indexOf((message as { ready: ReadyTask }).ready));
    bench.pass(10);
    expect(ready().sort()).toEqual([2, 3]);
    bench.pass(89);
    expect(ready().length).toBe(2);
    bench.pass(1 + lateMax);
    expect(ready().slice(2)).toEqual([1]);
    bench.pass(200);
    expect(ready().slice(2)).toEqual([1, 0]);
    expect(bench.heard.every(({ kind }) => kind === "tasks-ready")).toBe(true);
  });

  test("known from before go to the scheduler at their time, and no later than they can have been told to", () => {
    for (const [aheadMs, waitedMs] of [
      [60, 60],
      [1e9, 200],
    ] as const) {
      const bench = new Bench();
      const task = readyTask(bench.run({ delayMs: 100, delayMsMax: 500, backoff: "exponential", jitter: true }), 3);
      task.past = { heartbeat: undefined, end: undefined, dueAt: bench.clock.nowMs() + aheadMs };
      bench.tell(task);
      const isReady = () => bench.heard.some((message) => message.kind === "tasks-ready");
      bench.pass(waitedMs - 1);
      expect(isReady()).toBe(false);
      bench.pass(1 + lateMax);
      expect(isReady()).toBe(true);
    }
  });

  test("are not made of a run that is over", () => {
    const bench = new Bench();
    const [dropped, refused, ended, live] = [0, 1, 2, 3].map((order) => bench.run({}, order)) as [Run, Run, Run, Run];
    const retry = (of: Run): TaskMessage => ({ kind: "retry", task: readyTask(of), dueAt: 1050 });
    bench.tell(retry(dropped), retry(live), { kind: "run-over", run: dropped, reason: cancelled });
    refused.isOver = true;
    bench.tell(retry(refused), retry(ended));
    ended.isOver = true; // and nobody has said so
    bench.pass(100);
    expect(bench.heard.map((message) => (message as { ready: ReadyTask }).ready.run)).toEqual([live]);
  });
});

describe("TaskActor: a run that is over", () => {
  test("has no task started from the moment that it is taken away, before a message says so", () => {
    const bench = new Bench();
    const [run, other] = [bench.run({}, 0), bench.run({}, 1)];
    const [a, b] = [readyTask(run), readyTask(other)];
    bench.takenAway = run;
    bench.tell(a, b);
    expect(bench.log.filter((line) => line.startsWith("start"))).toEqual([`start ${b.runId}`]);
    expect(bench.heard[0]).toEqual({ kind: "task-done", task: a, ready: undefined });
  });

  test.each([false, true])("has its pending attempts aborted and their places freed, whatever settles later; guest: %s", (isGuest) => {
    const bench = new Bench();
    const [run, other] = [bench.run({ timeoutMs: 100 }, 0, isGuest), bench.run({ timeoutMs: 100 }, 1, isGuest)];
    const [a, b, c] = [readyTask(run), readyTask(other), readyTask(run)];
    bench.tell(a, b, c);
    run.isOver = true;
    bench.heard.length = 0;
    bench.tell({ kind: "run-over", run, reason: cancelled }, { kind: "run-over", run, reason: cancelled });
    expect(bench.aborted).toEqual([
      [a, cancelled],
      [c, cancelled],
    ]);
    expect(bench.heard).toEqual([a, c].map((task) => ({ kind: "task-done", task, ready: undefined })));
    expect([bench.entered, bench.reserved]).toEqual(isGuest ? [1, 1] : [0, 0]);
    bench.tell(settled(a), settled(b), settled(c));
    bench.pass(300);
    expect(bench.ended.map(({ task }) => task)).toEqual([b]);
    expect([bench.entered, bench.reserved]).toEqual([0, 0]);
    expect(bench.waiting.task).toBeUndefined();
  });

  test("frees exactly one place of the scheduler for each, also where a handler held its thread", () => {
    const started: ReadyTask[] = [];
    const sent: { task?: (message: TaskMessage) => void } = {};
    const ports = {
      watch: { boundary: 0, lap: () => 0 },
      tickets: { take: () => undefined },
      sharing: noSharing,
      reservations: noReservations,
    } as unknown as Ports;
    const scheduler = new SchedulerActor({
      ports, // the scheduler uses no other port here
      ready: new RunReadySet(),
      concurrency: 2,
      taskActor: {
        tell: (message) => {
          started.push(message as ReadyTask);
          sent.task?.(message);
          return true;
        },
      },
      startRun() {},
    });
    const bench = new Bench((message) => scheduler.receive(message));
    const blocking = bench.run({}, 0);
    const held = readyTask(blocking);
    const waits = [readyTask(bench.run({}, 1)), readyTask(bench.run({}, 2)), readyTask(bench.run({}, 3))] as const;
    sent.task = (message) => bench.tell(message);
    const offer = (task: ReadyTask) => scheduler.receive({ kind: "tasks-ready", ready: task });
    const end = (task: ReadyTask) => {
      task.run.isOver = true;
      bench.tell({ kind: "run-over", run: task.run, reason: cancelled });
    };
    offer(waits[0]);
    offer(waits[1]);
    expect([started, scheduler.isFull]).toEqual([[waits[0], waits[1]], true]);
    offer(waits[2]);
    expect(started.length).toBe(2);
    end(waits[0]);
    expect([started.at(-1), scheduler.isFull]).toEqual([waits[2], true]);
    end(waits[1]);
    end(waits[2]);
    expect([scheduler.isFull, scheduler.isOccupied]).toEqual([false, false]);
    blocking.workflow.isBlocking = () => true; // its place stays taken while it waits
    offer(held);
    expect([held.isPending, scheduler.isFull, scheduler.isOccupied]).toEqual([false, false, true]);
    end(held);
    expect([scheduler.isFull, scheduler.isOccupied]).toEqual([false, false]);
  });
});

test("TaskActor looks for the one due first now and then only when very many wait, and finds it without another message", () => {
  const bench = new Bench();
  const run = bench.run({ timeoutMs: 5000 });
  const tasks = Array.from({ length: 1500 }, () => {
    bench.clock.advance(0.125);
    const task = readyTask(run);
    bench.tell(task);
    return task;
  });
  const [first, second, third] = tasks as [ReadyTask, ReadyTask, ReadyTask];
  expect(bench.waiting.task).toBe(first);
  bench.tell(settled(first));
  expect(bench.waiting.task).toBe(second);
  bench.tell(settled(second));
  expect(bench.waiting.task).toBe(second); // it was looked for just now
  bench.pass(10);
  expect(bench.waiting.task).toBe(third);
  const urgent = readyTask(bench.run({ timeoutMs: 100 }, 1));
  bench.tell(urgent);
  expect(bench.waiting).toEqual({ task: urgent, dueAt: bench.clock.nowMs() + 100 });
});

interface Attempt {
  readonly task: ReadyTask;
  readonly startedAt: number;
}

type Step =
  | { readonly kind: "start"; readonly run: number }
  | { readonly kind: "settle" | "heartbeat"; readonly which: number }
  | { readonly kind: "over"; readonly run: number }
  | { readonly kind: "pass"; readonly ms: number };

const limits: Partial<ResolvedTaskOptions>[] = [
  { timeoutMs: 30 },
  { timeoutMs: 200, heartbeatTimeoutMs: 25 },
  { heartbeatTimeoutMs: 60 },
  {},
  { timeoutMs: 100 },
];

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant("start" as const), run: fc.nat(9) }),
  fc.record({ kind: fc.constant("settle" as const), which: fc.nat(99) }),
  fc.record({ kind: fc.constant("heartbeat" as const), which: fc.nat(99) }),
  fc.record({ kind: fc.constant("over" as const), run: fc.nat(9) }),
  fc.record({ kind: fc.constant("pass" as const), ms: fc.nat(40) }),
);

test("TaskActor: in any history each attempt ends once, on time, guests are balanced, and the one due first is shown", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 50 }), (history) => {
      const bench = new Bench();
      const runs = Array.from({ length: 10 }, (_, order) => bench.run(limits[order % limits.length] ?? {}, order, order >= 5));
      const all: Attempt[] = [];
      const pending = new Map<ReadyTask, Attempt>();
      const dueAt = ({ task, startedAt }: Attempt) => {
        const { timeoutMs, heartbeatTimeoutMs } = task.run.workflow.graph.options(1);
        return Math.min(startedAt + timeoutMs, (bench.heartbeats.get(task)?.at ?? startedAt) + heartbeatTimeoutMs);
      };
      const drop = () => {
        for (const { task } of bench.ended) pending.delete(task);
      };
      for (const { kind, ...what } of history) {
        const now = bench.clock.nowMs();
        if (kind === "start") {
          const run = runs[(what as { run: number }).run] as Run;
          const attempt = { task: readyTask(run), startedAt: now };
          bench.tell(attempt.task);
          if (run.isOver) continue;
          all.push(attempt);
          pending.set(attempt.task, attempt);
        } else if (kind === "over") {
          const run = runs[(what as { run: number }).run] as Run;
          run.isOver = true;
          bench.tell({ kind: "run-over", run, reason: cancelled });
          for (const task of pending.keys()) if (task.run === run) pending.delete(task);
        } else if (kind === "pass") {
          bench.pass((what as { ms: number }).ms);
          drop();
        } else {
          const { task } = all[(what as { which: number }).which % Math.max(1, all.length)] ?? {};
          if (task === undefined) continue;
          if (kind === "settle") bench.tell(settled(task));
          else if (pending.has(task)) bench.heartbeats.set(task, { details: now, at: now });
          drop();
        }
        const overdue = [...pending.values()].filter((attempt) => dueAt(attempt) + lateMax < bench.clock.nowMs());
        expect(overdue).toEqual([]);
        const guests = [...pending.keys()].filter(({ run }) => run.isGuest).length;
        expect([bench.entered, bench.reserved]).toEqual([guests, guests]);
        const shown = bench.waiting;
        const due = [...pending.values()].map(dueAt);
        if (shown.task === undefined) expect(Math.min(...due)).toBe(Number.POSITIVE_INFINITY);
        else {
          expect(pending.has(shown.task)).toBe(true);
          expect(shown.dueAt).toBeGreaterThanOrEqual(bench.clock.nowMs() - lateMax);
          expect(shown.dueAt).toBeLessThanOrEqual(Math.min(...due)); // its heartbeats are not looked at before its time
        }
      }
      const timedOut = bench.ended.filter(({ outcome }) => outcome === "timed-out");
      for (const { task, at } of timedOut) {
        const attempt = all.find((one) => one.task === task) ?? expect.fail("it was started");
        expect(at).toBeGreaterThanOrEqual(dueAt(attempt));
      }
      const ends = bench.ended.map(({ task }) => task);
      expect(new Set(ends).size).toBe(ends.length);
      expect(
        bench.aborted.map(([task]) => task).filter((task) => bench.ended.some((end) => end.task === task && end.outcome !== "timed-out")),
      ).toEqual([]);
      const places = bench.heard.filter(({ kind }) => kind === "task-pending").length;
      const given = bench.heard.filter((message) => message.kind === "task-done" && message.task.isPending).length;
      expect(places).toBe(given + ends.length + pending.size);
    }),
    { numRuns: 200 },
  );
});
