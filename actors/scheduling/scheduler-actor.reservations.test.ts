import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Reservations } from "../ports.js";
import { graphOf } from "../workflow/graph.fixture.js";
import { NODE_TASK } from "../workflow/graph.js";
import { ReadyTask, type Run } from "../workflow/run.js";
import { liveRun } from "../workflow/scope.fixture.js";
import { linked, Neighbours, schedulerWith } from "./scheduler-actor.fixture.js";
import { suspensionsMax, waitingTasksMax } from "./scheduler-actor.js";

const capacity = 4;

/** Tasks of this graph reserve as many cores as their place says, and place 0, the param, none: so it stands for a plain task. */
const plain = graphOf([{ nodes: [1, 2, 3, 4].map((cpus) => ({ kind: NODE_TASK, name: `takes-${cpus}` })) }]);
const graph = { ...plain, options: (node: number) => ({ ...plain.options(node), cpus: node === 0 ? undefined : node }) };
const cpusOf = (task: ReadyTask): number => task.node;

let madeTasks = 0;
/** In FIFO order. */
const tasksFor = (run: Run, ...cpus: readonly number[]): ReadyTask[] =>
  cpus.map((node) => new ReadyTask(run, run.root, node, node, madeTasks++));

/** Cores in plain view, some of them taken by others. It checks that it is asked as it may be. */
class Cores implements Reservations {
  isOpen = true;
  reservesAll = false;
  waitingOthers = 0;
  takenByOthers = 0;
  readonly admitted = new Set<ReadyTask>();
  waiting: ReadyTask | undefined;
  suspended = 0;

  get taken(): number {
    return [...this.admitted].reduce((sum, task) => sum + cpusOf(task), this.takenByOthers);
  }

  fits(task: ReadyTask): boolean {
    return this.taken + cpusOf(task) <= capacity;
  }

  waitingCount(): number {
    return this.waitingOthers;
  }

  reserve(task: ReadyTask): boolean {
    expect(this.waiting === undefined || this.waiting === task).toBe(true);
    expect(this.admitted.has(task)).toBe(false);
    this.waiting = this.fits(task) ? undefined : task;
    if (this.waiting === undefined) this.admitted.add(task);
    return this.waiting === undefined;
  }

  suspend(task: ReadyTask): void {
    if (this.waiting !== undefined) expect(this.waiting).toBe(task);
    this.suspended += this.waiting === undefined ? 0 : 1;
  }

  withdraw(task: ReadyTask): void {
    if (this.waiting !== undefined) expect(this.waiting).toBe(task);
    this.waiting = undefined;
  }

  release(task: ReadyTask): void {
    expect(this.admitted.delete(task)).toBe(true);
  }
}

function reservingScheduler(sharing = new Neighbours(0), concurrency = 4) {
  const cores = new Cores();
  return { cores, ...schedulerWith(sharing, concurrency, cores) };
}

describe("SchedulerActor: what reserves", () => {
  test("waits until it fits, what reserves nothing passes it only until then, and what reserves waits behind it", () => {
    const { actor, cores, started } = reservingScheduler();
    const run = liveRun(graph);
    const tasks = tasksFor(run, 3, 1, 0, 0) as [ReadyTask, ReadyTask, ReadyTask, ReadyTask];
    const [big, small, free, other] = tasks;
    cores.takenByOthers = 2;
    actor.receive({ kind: "tasks-ready", ready: linked(tasks) });
    expect(started).toEqual([free]);
    cores.takenByOthers = 1;
    for (const task of [free, big, small]) actor.receive({ kind: "task-done", task, ready: undefined });
    expect(started).toEqual([free, big, small, other]);
    actor.receive({ kind: "task-done", task: other, ready: undefined });
    expect([started.length, cores.taken]).toEqual([4, 1]);
  });

  test("keeps no room while its worker executes what takes long or is full, and after a few such times nothing passes it", () => {
    const { actor, cores, started } = reservingScheduler();
    const run = liveRun(graph);
    const [big] = tasksFor(run, 4) as [ReadyTask];
    const passing = tasksFor(run, ...new Array<number>(suspensionsMax + 2).fill(0));
    cores.takenByOthers = 1;
    actor.receive({ kind: "tasks-ready", ready: linked([big, ...passing]) });
    for (let task = started.at(-1); task !== undefined && cores.suspended < suspensionsMax; task = started.at(-1)) {
      actor.receive({ kind: "task-done", task, ready: undefined });
    }
    actor.receive({ kind: "task-done", task: started.at(-1) as ReadyTask, ready: undefined });
    expect([started, cores.waiting]).toEqual([passing.slice(0, suspensionsMax), big]);
    cores.takenByOthers = 0;
    actor.receive({ kind: "look" });
    expect(started.at(-1)).toBe(big);
    actor.receive({ kind: "task-done", task: big, ready: undefined });
    expect(started.at(-1)).toBe(passing[suspensionsMax]);
  });

  test("keeps no room while as many attempts as may wait for promises", () => {
    const { actor, cores, started } = reservingScheduler(new Neighbours(0), 1);
    const [big, free] = tasksFor(liveRun(graph), 4, 0) as [ReadyTask, ReadyTask];
    cores.takenByOthers = 1;
    free.run.workflow.observe(free.node, 0.001);
    actor.receive({ kind: "tasks-ready", ready: linked([big, free]) });
    expect([started, cores.suspended]).toEqual([[free], 0]);
    free.isPending = true;
    actor.receive({ kind: "task-pending", task: free });
    expect(cores.suspended).toBe(1);
  });

  test("is released when its attempt has ended, whether it waited for a promise, was skipped, or goes back to be started later", () => {
    const { actor, cores, started } = reservingScheduler();
    const run = liveRun(graph);
    const [pending, skipped, put] = tasksFor(run, 1, 2, 3) as [ReadyTask, ReadyTask, ReadyTask];
    actor.receive({ kind: "tasks-ready", ready: pending });
    pending.isPending = true;
    actor.receive({ kind: "task-pending", task: pending });
    expect(cores.taken).toBe(1);
    actor.receive({ kind: "tasks-ready", ready: skipped });
    actor.receive({ kind: "task-done", task: skipped, ready: undefined });
    expect(cores.taken).toBe(1);
    actor.receive({ kind: "tasks-ready", ready: put });
    actor.receive({ kind: "task-done", task: put, ready: put });
    expect([started, cores.taken]).toEqual([[pending, skipped, put, put], 4]);
    actor.receive({ kind: "task-done", task: put, ready: undefined });
    actor.receive({ kind: "task-done", task: pending, ready: undefined });
    expect(cores.taken).toBe(0);
  });

  test("of another worker's run waits as well", () => {
    const { actor, cores, started, tickets } = reservingScheduler();
    const [theirs] = tasksFor(liveRun(graph, { isGuest: true }), 2) as [ReadyTask];
    cores.takenByOthers = 3;
    tickets.push(theirs);
    actor.receive({ kind: "look" });
    expect([started, tickets, cores.waiting]).toEqual([[], [], theirs]);
    cores.takenByOthers = 0;
    actor.receive({ kind: "look" });
    expect(started).toEqual([theirs]);
  });

  test("of a run that is over waits no more, first or not", () => {
    const { actor, cores, started } = reservingScheduler();
    const [over, other] = [liveRun(graph, { order: 0 }), liveRun(graph, { order: 1 })];
    const [first, second] = tasksFor(over, 4, 1) as [ReadyTask, ReadyTask];
    const [third] = tasksFor(other, 1) as [ReadyTask];
    cores.takenByOthers = 3;
    actor.receive({ kind: "tasks-ready", ready: linked([first, second]) });
    actor.receive({ kind: "tasks-ready", ready: third });
    expect(cores.waiting).toBe(first);
    actor.receive({ kind: "run-over", run: over });
    expect(started).toEqual([third]);
  });

  test("of a run that is over is not started before a message says so", () => {
    const { actor, cores, started } = reservingScheduler();
    const [over, other] = [liveRun(graph, { order: 0 }), liveRun(graph, { order: 1 })];
    cores.takenByOthers = 1;
    actor.receive({ kind: "tasks-ready", ready: linked(tasksFor(over, 4, 1)) });
    over.isOver = true;
    const [last] = tasksFor(other, 2) as [ReadyTask];
    actor.receive({ kind: "tasks-ready", ready: last });
    expect([started, cores.waiting]).toEqual([[last], undefined]);
  });

  test("of a run that is over is not given away before a message says so", () => {
    const sharing = new Neighbours(1);
    const { actor, cores, started } = reservingScheduler(sharing);
    const [other, over] = [liveRun(graph, { order: 0 }), liveRun(graph, { order: 1 })];
    const [first, free] = tasksFor(other, 4, 0) as [ReadyTask, ReadyTask];
    cores.takenByOthers = 1;
    actor.receive({ kind: "tasks-ready", ready: first });
    actor.receive({ kind: "tasks-ready", ready: linked(tasksFor(over, 1)) });
    over.isOver = true;
    sharing.hungry = 1;
    actor.receive({ kind: "tasks-ready", ready: free });
    expect([started, sharing.queue, sharing.shareCount]).toEqual([[free], [], 0]);
  });

  test("is not looked behind without end: a worker on which too many wait has no place for more", () => {
    const { actor, cores, started, tickets } = reservingScheduler();
    const run = liveRun(graph);
    const many = tasksFor(run, ...new Array<number>(waitingTasksMax).fill(1));
    const [free] = tasksFor(run, 0) as [ReadyTask];
    cores.takenByOthers = capacity;
    actor.receive({ kind: "tasks-ready", ready: linked(many.slice(1)) });
    expect(actor.isOccupied).toBe(false);
    actor.receive({ kind: "tasks-ready", ready: many[0] });
    expect(actor.isOccupied).toBe(true);
    tickets.push(free);
    actor.receive({ kind: "look" });
    expect([started, tickets]).toEqual([[], [free]]);
    cores.takenByOthers = capacity - 1;
    actor.receive({ kind: "look" });
    expect(started).toEqual([many[1]]);
  });

  test("is everything where all tasks have to be admitted: then the ready set is left alone while one waits", () => {
    const { actor, cores, started } = reservingScheduler();
    const run = liveRun(graph);
    const [big, free, other] = tasksFor(run, 4, 0, 0) as [ReadyTask, ReadyTask, ReadyTask];
    cores.reservesAll = true;
    cores.takenByOthers = 1;
    actor.receive({ kind: "tasks-ready", ready: linked([big, free, other]) });
    expect([started, run.ready.size, actor.isOccupied]).toEqual([[], 2, true]);
    cores.takenByOthers = 0;
    actor.receive({ kind: "look" });
    actor.receive({ kind: "task-done", task: big, ready: undefined });
    expect([started, [...cores.admitted]]).toEqual([[big, free], [free]]);
  });

  test("and what does not stay where they are while nothing may be started", () => {
    const { actor, cores, started, tickets } = reservingScheduler();
    const run = liveRun(graph);
    const [one, two, free] = tasksFor(run, 1, 2, 0) as [ReadyTask, ReadyTask, ReadyTask];
    cores.isOpen = false;
    tickets.push(free);
    actor.receive({ kind: "tasks-ready", ready: linked([one, two]) });
    expect([started, run.ready.size, tickets.length, actor.isOccupied]).toEqual([[], 2, 1, true]);
    cores.isOpen = true;
    actor.receive({ kind: "look" });
    expect(started).toEqual([one]);
  });

  test("is offered to workers that have nothing which waits for room", () => {
    const sharing = new Neighbours(2);
    const { actor, cores, started } = reservingScheduler(sharing);
    const run = liveRun(graph);
    const [free, first, second, third, other] = tasksFor(run, 0, 1, 2, 3, 0) as ReadyTask[] as [ReadyTask, ...ReadyTask[]];
    sharing.hungry = 2;
    cores.waitingOthers = 2;
    cores.takenByOthers = capacity;
    actor.receive({ kind: "tasks-ready", ready: linked([free, first, second, third, other] as ReadyTask[]) });
    expect([started, sharing.queue]).toEqual([[free], [other]]);
    cores.waitingOthers = 1;
    cores.takenByOthers = 0;
    actor.receive({ kind: "task-done", task: free, ready: undefined });
    expect([started, sharing.queue]).toEqual([
      [free, first],
      [other, third],
    ]);
    for (const task of [first, second] as ReadyTask[]) actor.receive({ kind: "task-done", task, ready: undefined });
    expect(started).toEqual([free, first, second]);
  });

  test("stays where it must, also while it waits", () => {
    const sharing = new Neighbours(1);
    const { actor, cores, started } = reservingScheduler(sharing);
    const tasks = tasksFor(liveRun(graph), 1, 2, 1);
    for (const task of tasks) task.isPinned = true;
    cores.takenByOthers = capacity;
    actor.receive({ kind: "tasks-ready", ready: linked(tasks) });
    sharing.hungry = 1;
    cores.takenByOthers = 0;
    actor.receive({ kind: "look" });
    for (const task of tasks) actor.receive({ kind: "task-done", task, ready: undefined });
    expect([started, sharing.queue]).toEqual([tasks, []]);
  });
});

type Step =
  | { readonly do: "ready"; readonly run: number; readonly cpus: readonly number[] }
  | { readonly do: "end" | "pend"; readonly which: number }
  | { readonly do: "others take"; readonly cpus: number }
  | { readonly do: "over"; readonly run: number }
  | { readonly do: "look" };

const number = fc.nat(1000);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant("ready" as const), run: fc.nat(2), cpus: fc.array(fc.nat(4), { maxLength: 8 }) }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constantFrom("end" as const, "pend" as const), which: number }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("others take" as const), cpus: fc.nat(capacity) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("over" as const), run: fc.nat(2) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("look" as const) }) },
);

/** A scheduler among random events, and what must hold after each of them. */
class World {
  readonly #parts = reservingScheduler(new Neighbours(0), 3);
  readonly #runs = [0, 1, 2].map((order) => liveRun(graph, { order }));
  /** Told to the scheduler, and neither started nor dropped yet. */
  readonly #due = new Set<ReadyTask>();
  readonly #underWay: ReadyTask[] = [];
  /** In the order in which the ready set gave them. */
  #chosen: ReadyTask[] = [];
  #seen = 0;

  constructor() {
    for (const { ready } of this.#runs) {
      const take = ready.take.bind(ready);
      ready.take = (now) => {
        const task = take(now);
        if (task !== undefined && cpusOf(task) > 0) this.#chosen.push(task);
        return task;
      };
    }
  }

  carryOut(next: Step): void {
    const { actor, cores } = this.#parts;
    if (next.do === "ready") this.#ready(next.run, next.cpus);
    else if (next.do === "over") this.#over(next.run);
    else if (next.do === "end") this.#end(next.which % Math.max(1, this.#underWay.length));
    else if (next.do === "pend") this.#pend();
    else {
      if (next.do === "others take") cores.takenByOthers = Math.min(next.cpus, capacity - (cores.taken - cores.takenByOthers));
      actor.receive({ kind: "look" });
    }
    this.#check();
  }

  /** The others give back all that they have, and every attempt ends. */
  finish(): void {
    this.carryOut({ do: "others take", cpus: 0 });
    while (this.#underWay.length > 0) this.carryOut({ do: "end", which: 0 });
    expect([...this.#due]).toEqual([]);
    expect(this.#parts.cores.taken).toBe(0);
  }

  #ready(number: number, cpus: readonly number[]): void {
    const run = this.#runs[number] as Run;
    if (run.isOver) return;
    const tasks = tasksFor(run, ...cpus);
    for (const task of tasks) this.#due.add(task);
    this.#parts.actor.receive({ kind: "tasks-ready", ready: linked(tasks) });
  }

  #over(number: number): void {
    const run = this.#runs[number] as Run;
    run.isOver = true;
    this.#chosen = this.#chosen.filter((task) => task.run !== run);
    for (const task of this.#due) if (task.run === run) this.#due.delete(task);
    this.#parts.actor.receive({ kind: "run-over", run });
  }

  #end(which: number): void {
    const [task] = this.#underWay.splice(which, 1);
    if (task !== undefined) this.#parts.actor.receive({ kind: "task-done", task, ready: undefined });
  }

  #pend(): void {
    const task = this.#underWay.find(({ isPending }) => !isPending);
    if (task === undefined) return;
    task.isPending = true;
    this.#parts.actor.receive({ kind: "task-pending", task });
  }

  #check(): void {
    const { actor, cores, started } = this.#parts;
    for (; this.#seen < started.length; this.#seen++) {
      const task = started[this.#seen] as ReadyTask;
      expect(this.#due.delete(task)).toBe(true);
      this.#underWay.push(task);
      if (cpusOf(task) > 0) expect(this.#chosen.shift()).toBe(task);
    }
    expect(cores.taken).toBeLessThanOrEqual(capacity);
    expect([...cores.admitted]).toEqual(expect.arrayContaining(this.#underWay.filter((task) => cpusOf(task) > 0)));
    const isBusy = this.#underWay.some(({ isPending }) => !isPending);
    if (isBusy || actor.isFull) return;
    const [first] = this.#chosen;
    if (first !== undefined) expect(cores.fits(first)).toBe(false);
    if (!actor.isOccupied) expect([...this.#due].filter((task) => cpusOf(task) === 0)).toEqual([]);
  }
}

test("whatever happens: never more is reserved than there is, in order, nothing waits without a reason, and all of it runs", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120, size: "max" }), (steps) => {
      const world = new World();
      for (const next of steps) world.carryOut(next);
      world.finish();
    }),
    { numRuns: 300 },
  );
});
