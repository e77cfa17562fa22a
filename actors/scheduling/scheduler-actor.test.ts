import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { graphOf } from "../workflow/graph.fixture.js";
import { NODE_TASK } from "../workflow/graph.js";
import type { ReadyTask } from "../workflow/run.js";
import { liveRun } from "../workflow/scope.fixture.js";
import { linked, Neighbours, schedulerWith, tasksOf } from "./scheduler-actor.fixture.js";
import { longTaskMs, queuedPerWorker, queuedPerWorkerMax } from "./scheduler-actor.js";

const graph = graphOf([{ nodes: [{ kind: NODE_TASK, name: "task" }] }]);

const alone = () => new Neighbours(0);

describe("SchedulerActor: starts", () => {
  test("one task at a time, the next one when it is done or waits", () => {
    const { actor, started } = schedulerWith(alone());
    const [a, b, c] = tasksOf(liveRun(graph), 3) as [ReadyTask, ReadyTask, ReadyTask];
    actor.receive({ kind: "tasks-ready", ready: linked([a, b, c]) });
    expect(started).toEqual([a]);
    actor.receive({ kind: "look" });
    expect(started).toEqual([a]);
    actor.receive({ kind: "task-done", task: a, ready: undefined });
    expect(started).toEqual([a, b]);
    b.isPending = true;
    actor.receive({ kind: "task-pending", task: b });
    expect(started).toEqual([a, b, c]);
  });

  test("what became ready by a task goes behind what waits", () => {
    const { actor, started } = schedulerWith(alone());
    const [a, b, c] = tasksOf(liveRun(graph), 3) as [ReadyTask, ReadyTask, ReadyTask];
    actor.receive({ kind: "tasks-ready", ready: linked([a, b]) });
    actor.receive({ kind: "task-done", task: a, ready: c });
    actor.receive({ kind: "task-done", task: b, ready: undefined });
    expect(started).toEqual([a, b, c]);
  });

  test("tasks of the run that was submitted first, whenever they become ready", () => {
    const { actor, started } = schedulerWith(alone());
    const early = tasksOf(liveRun(graph, { order: 1 }), 2);
    const late = tasksOf(liveRun(graph, { order: 2 }), 2);
    actor.receive({ kind: "tasks-ready", ready: linked(late) });
    actor.receive({ kind: "task-done", task: late[0] as ReadyTask, ready: linked(early) });
    for (const task of [...early]) actor.receive({ kind: "task-done", task, ready: undefined });
    expect(started).toEqual([late[0], ...early, late[1]]);
  });

  test("no more than the concurrency while attempts wait, and again when one has ended", () => {
    const { actor, started } = schedulerWith(alone(), 2);
    const tasks = tasksOf(liveRun(graph), 4);
    actor.receive({ kind: "tasks-ready", ready: linked(tasks) });
    for (const task of tasks.slice(0, 2)) {
      task.isPending = true;
      actor.receive({ kind: "task-pending", task });
    }
    expect(actor.isFull).toBe(true);
    actor.receive({ kind: "look" });
    expect(started.length).toBe(2);
    actor.receive({ kind: "task-done", task: tasks[0] as ReadyTask, ready: undefined });
    expect(actor.isFull).toBe(false);
    expect(started.length).toBe(3);
  });

  test("takes a ticket only when no task is ready here", () => {
    const { actor, started, taken, tickets } = schedulerWith(alone());
    const [ours] = tasksOf(liveRun(graph), 1) as [ReadyTask];
    const [theirs] = tasksOf(liveRun(graph, { order: 1, isGuest: true }), 1) as [ReadyTask];
    const run = liveRun(graph, { order: 2 });
    tickets.push({ run, input: 1 }, theirs);
    actor.receive({ kind: "tasks-ready", ready: ours });
    expect([started, taken]).toEqual([[ours], []]);
    actor.receive({ kind: "task-done", task: ours, ready: undefined });
    expect(taken).toEqual([run]);
    actor.receive({ kind: "look" });
    expect(started).toEqual([ours, theirs]);
  });

  test("nothing of a run that is over", () => {
    const { actor, started } = schedulerWith(alone());
    const over = liveRun(graph, { order: 0 });
    const other = liveRun(graph, { order: 1 });
    const [a, b, c] = tasksOf(over, 3) as [ReadyTask, ReadyTask, ReadyTask];
    const [d] = tasksOf(other, 1) as [ReadyTask];
    actor.receive({ kind: "tasks-ready", ready: linked([a, b]) });
    actor.receive({ kind: "tasks-ready", ready: d });
    over.isOver = true;
    actor.receive({ kind: "task-done", task: a, ready: c });
    actor.receive({ kind: "run-over", run: over });
    expect(started).toEqual([a, d]);
    actor.receive({ kind: "task-done", task: d, ready: undefined });
    expect(started).toEqual([a, d]);
  });

  test("nothing while the home of the first run reads no answers", () => {
    const { actor, started, reports } = schedulerWith(alone());
    const [task] = tasksOf(liveRun(graph, { isGuest: true }), 1) as [ReadyTask];
    reports.hasRoom = false;
    actor.receive({ kind: "tasks-ready", ready: task });
    expect(actor.isHeldUp).toBe(true);
    expect(started).toEqual([]);
    reports.hasRoom = true;
    actor.receive({ kind: "look" });
    expect(started).toEqual([task]);
  });
});

describe("SchedulerActor: gives away", () => {
  const someTasks = fc.integer({ min: 1, max: 12 });

  test("at most so many tasks a hungry worker, and keeps one for itself", () => {
    fc.assert(
      fc.property(someTasks, fc.nat(3), fc.nat(4), (count, hungry, queued) => {
        const sharing = new Neighbours(3);
        const { actor, started } = schedulerWith(sharing);
        const run = liveRun(graph);
        run.workflow.observe(1, longTaskMs / 2);
        sharing.hungry = hungry;
        sharing.queue.push(...tasksOf(liveRun(graph, { order: 9 }), queued));
        const tasks = tasksOf(run, count);
        actor.receive({ kind: "tasks-ready", ready: linked(tasks) });
        const given = Math.max(0, Math.min(count - 1, hungry * queuedPerWorker - queued));
        expect(started).toEqual([tasks[0]]);
        expect(sharing.queue.slice(queued)).toEqual(tasks.slice(1, 1 + given));
        expect(run.ready.size).toBe(count - 1 - given);
        expect(run.isShared).toBe(given > 0);
      }),
    );
  });

  test.each([
    ["unknown", undefined, true],
    ["long", longTaskMs * 1.01, true],
    ["short", longTaskMs, false],
  ])("where nobody is hungry yet, ahead of a task whose time is %s: %s ms, %s", (_, averageMs, isGiven) => {
    const sharing = new Neighbours(1);
    const { actor } = schedulerWith(sharing);
    const run = liveRun(graph);
    if (averageMs !== undefined) run.workflow.observe(1, averageMs);
    actor.receive({ kind: "tasks-ready", ready: linked(tasksOf(run, 4)) });
    expect(sharing.queue.length).toBe(isGiven ? queuedPerWorker : 0);
  });

  test.each([
    ["3 times as long as others", 3, 3],
    ["no longer than others", 1, queuedPerWorker],
    ["a hundred times as long", 100, queuedPerWorkerMax],
  ])("as many as will be executed meanwhile, ahead of a task that is %s", (_, times, given) => {
    const sharing = new Neighbours(2);
    const { actor } = schedulerWith(sharing);
    const estimates = graphOf([{ nodes: [1, 2].map((place) => ({ kind: NODE_TASK, name: `node-${place}` })) }]);
    const run = liveRun({ ...estimates, options: (node) => ({ ...estimates.options(node), cpus: undefined, estimateMs: times * 7 }) });
    run.workflow.observe(2, 7);
    actor.receive({ kind: "tasks-ready", ready: linked(tasksOf(run, 60)) });
    expect(sharing.queue.length).toBe(2 * given);
  });

  test("nothing of a run that finds no room in shared memory", () => {
    const sharing = new Neighbours(1);
    sharing.hungry = 1;
    sharing.hasMemory = false;
    const { actor, started } = schedulerWith(sharing);
    const run = liveRun(graph);
    const tasks = tasksOf(run, 3);
    actor.receive({ kind: "tasks-ready", ready: linked(tasks) });
    for (const task of tasks) actor.receive({ kind: "task-done", task, ready: undefined });
    expect(started).toEqual(tasks);
    expect(sharing.queue).toEqual([]);
  });

  test("shares a run once, and never one that has a single ready task", () => {
    const sharing = new Neighbours(1);
    sharing.hungry = 1;
    const { actor } = schedulerWith(sharing);
    const run = liveRun(graph);
    const [single] = tasksOf(run, 1) as [ReadyTask];
    actor.receive({ kind: "tasks-ready", ready: single });
    expect(sharing.shareCount).toBe(0);
    const more = tasksOf(run, 9);
    actor.receive({ kind: "task-done", task: single, ready: linked(more) });
    sharing.queue.length = 0;
    actor.receive({ kind: "task-done", task: more[0] as ReadyTask, ready: undefined });
    expect(sharing.shareCount).toBe(1);
  });

  test("a task that must stay neither keeps the others here nor loses its place to them", () => {
    const sharing = new Neighbours(2);
    sharing.hungry = 2;
    const { actor, started } = schedulerWith(sharing);
    const tasks = tasksOf(liveRun(graph), 4);
    (tasks[1] as ReadyTask).isPinned = true;
    actor.receive({ kind: "tasks-ready", ready: linked(tasks) });
    expect(started).toEqual([tasks[0]]);
    expect(sharing.queue).toEqual([tasks[2], tasks[3]]);
    actor.receive({ kind: "task-done", task: tasks[0] as ReadyTask, ready: undefined });
    expect(started).toEqual([tasks[0], tasks[1]]);
  });

  test("whatever the queue refuses: every task is started or given away, exactly once", () => {
    fc.assert(
      fc.property(someTasks, fc.array(fc.nat(3), { minLength: 1 }), (count, rooms) => {
        const sharing = new Neighbours(2);
        sharing.hungry = 2;
        const { actor, started } = schedulerWith(sharing);
        const tasks = tasksOf(liveRun(graph), count);
        sharing.room = rooms[0] as number;
        actor.receive({ kind: "tasks-ready", ready: linked(tasks) });
        for (let done = 0; done < started.length; done++) {
          sharing.room = rooms[done % rooms.length] as number;
          actor.receive({ kind: "task-done", task: started[done] as ReadyTask, ready: undefined });
        }
        const all = [...started, ...sharing.queue];
        expect(all.length).toBe(count);
        expect(new Set(all)).toEqual(new Set(tasks));
      }),
    );
  });
});
