import { describe, expect, test } from "vitest";
import { Advance, type BrokenExpand } from "./advance.js";
import { constant, graphOf, list, ref } from "./graph.fixture.js";
import { NODE_EXPAND_MAP, NODE_GATHER, NODE_TASK } from "./graph.js";
import { localSpace } from "./local-space.js";
import type { ReadyTask, Run } from "./run.js";
import { liveRun } from "./scope.fixture.js";
import { taskPath } from "./task-path.js";

const noLimit = Number.POSITIVE_INFINITY;

/**
 *     a ──▶ map(c) ──▶ last
 *     └───▶ b ─────────▲
 */
const graph = graphOf([
  {
    nodes: [
      { kind: NODE_TASK, name: "a" },
      { kind: NODE_TASK, name: "b", waits: [1], input: ref(1) },
      { kind: NODE_EXPAND_MAP, name: "map", waits: [1], input: ref(1), extra: 1, partner: 4 },
      { kind: NODE_GATHER, name: "map:gather", partner: 3 },
      { kind: NODE_TASK, name: "last", waits: [2, 4], input: list(ref(2), ref(4)) },
    ],
    result: ref(5),
  },
  { nodes: [{ kind: NODE_TASK, name: "c", input: ref(0) }], result: ref(1) },
]);

function readyAfter(advance: Advance): ReadyTask[] {
  const ready: ReadyTask[] = [];
  for (let task = advance.first; task !== undefined; task = task.next) ready.push(task);
  return ready;
}

/** Ends a task with an output. @returns paths of what became ready */
function end(advance: Advance, run: Run, task: ReadyTask, output: unknown): ReadyTask[] {
  advance.begin(run, 5);
  task.scope.memory.put(task.instance, output, noLimit);
  advance.taskEnded(task.scope, task.instance, false);
  return readyAfter(advance);
}

function start(advance: Advance, run: Run): ReadyTask {
  advance.begin(run, 1);
  advance.startElement(run.root, 0);
  return readyAfter(advance)[0] as ReadyTask;
}

const pathsOf = (tasks: readonly ReadyTask[]) => tasks.map(({ path }) => path);

describe("Advance", () => {
  test("goes from task to task, through lists, to the end of the run", () => {
    const advance = new Advance();
    const run = liveRun(graph);
    const a = start(advance, run);
    expect([a.path, a.readyAt]).toEqual(["a", 1]);
    const [b, c0, c1] = end(advance, run, a, ["x", "y"]) as [ReadyTask, ReadyTask, ReadyTask];
    expect(pathsOf([b, c0, c1])).toEqual(["b", "c[0]", "c[1]"]);
    expect(c1.readyAt).toBe(5);
    expect(end(advance, run, c1, 1)).toEqual([]);
    expect(end(advance, run, b, 2)).toEqual([]);
    const [last] = end(advance, run, c0, 3) as [ReadyTask];
    expect(last.path).toBe("last");
    expect(advance.isRunEnded).toBe(false);
    expect(end(advance, run, last, 4)).toEqual([]);
    expect(advance.isRunEnded).toBe(true);
  });

  test("goes straight on past a list without elements", () => {
    const advance = new Advance();
    const run = liveRun(graph);
    const [b, ...more] = end(advance, run, start(advance, run), []) as [ReadyTask];
    expect(more).toEqual([]);
    expect(pathsOf(end(advance, run, b, 2))).toEqual(["last"]);
  });

  test("serves runs in turn: a new collection knows nothing of the one before", () => {
    const advance = new Advance();
    const [one, other] = [liveRun(graph, { order: 1 }), liveRun(graph, { order: 2 })];
    const [a1, a2] = [start(advance, one), start(advance, other)];
    expect([a1.run, a2.run]).toEqual([one, other]);
    expect(a1.next).toBe(undefined);
    advance.begin(one, 1);
    expect(advance.first).toBe(undefined);
  });

  test("names a list that is none, in the middle of others, and goes on", () => {
    const { broken, advance, run } = withBrokenList(false);
    advance.startElement(run.root, 0);
    expect(broken()).toEqual([["inner[1]", "Cannot open inner[1] as flow.map and flow.reduce need a list: found number"]]);
    expect(pathsOf(readyAfter(advance))).toEqual(["leaf[0][0]", "leaf[2][0]", "leaf[2][1]"]);
    expect(advance.broken[0]?.error).toMatchObject({ code: "DF_TASK_FAILED", task: "inner[1]", runId: "run-0" });
  });

  test("leaves an element out of the list when its inner list is given up", () => {
    const { advance, run } = withBrokenList(false);
    advance.startElement(run.root, 0);
    const [one, two, three] = readyAfter(advance) as [ReadyTask, ReadyTask, ReadyTask];
    const [found] = advance.broken.splice(0) as [BrokenExpand];
    advance.giveUp(found.scope, found.instance, false);
    expect(end(advance, run, one, "a")).toEqual([]);
    expect(end(advance, run, three, "c")).toEqual([]);
    expect(end(advance, run, two, "b")).toEqual([]);
    expect(advance.isRunEnded).toBe(true);
    expect(run.root.memory.take(2, [])).toEqual([["a"], ["b", "c"]]);
  });
});

/** A map over lists, one of which is none: leaf[0][0], inner[1] broken, leaf[2][0], leaf[2][1]. */
function withBrokenList(isGuest: boolean) {
  const inner = { kind: NODE_EXPAND_MAP, name: "inner", input: ref(0), extra: 2, partner: 2 };
  const nested = graphOf([
    {
      nodes: [
        { kind: NODE_EXPAND_MAP, name: "outer", input: constant([[1], 5, [2, 3]]), extra: 1, partner: 2 },
        { kind: NODE_GATHER, name: "g", partner: 1 },
      ],
      result: ref(2),
    },
    { nodes: [inner, { kind: NODE_GATHER, name: "h", partner: 1 }], result: ref(2) },
    { nodes: [{ kind: NODE_TASK, name: "leaf", input: ref(0) }], result: ref(1) },
  ]);
  const advance = new Advance();
  const run = liveRun(nested, { isGuest });
  advance.begin(run, 0);
  const broken = () => advance.broken.map(({ scope, instance, error }) => [taskPath(scope, instance), error.message]);
  return { advance, run, broken };
}

describe("Advance, when a node is given up", () => {
  test("skips all that waits for it, lists included, and ends the run", () => {
    const advance = new Advance();
    const run = liveRun(graph);
    const a = start(advance, run);
    advance.begin(run, 2);
    advance.giveUp(a.scope, a.instance, false);
    expect(advance.first).toBe(undefined);
    expect(advance.isRunEnded).toBe(true);
    expect([1, 2, 3, 4, 5].map((place) => run.root.memory.isSkipped(place))).toEqual([true, true, true, true, true]);
  });

  test("waits for what else a skipped node waits for, whichever ends first", () => {
    for (const givenUpFirst of [true, false]) {
      const advance = new Advance();
      const run = liveRun(graph);
      const [b, c] = end(advance, run, start(advance, run), ["x"]) as [ReadyTask, ReadyTask];
      const giveUp = () => {
        advance.begin(run, 3);
        advance.giveUp(b.scope, b.instance, false);
      };
      if (givenUpFirst) giveUp();
      else expect(end(advance, run, c, 1)).toEqual([]);
      expect(advance.isRunEnded).toBe(false);
      if (givenUpFirst) expect(end(advance, run, c, 1)).toEqual([]);
      else giveUp();
      expect(advance.isRunEnded).toBe(true);
      expect(run.root.memory.isSkipped(4)).toBe(false);
      expect(run.root.memory.isSkipped(5)).toBe(true);
    }
  });

  test("ends a chain of any length without running out of stack", () => {
    const length = 5000; // recursion would take three calls a task
    const nodes = Array.from({ length }, (_, at) => ({ kind: NODE_TASK, name: `t${at}`, waits: at === 0 ? [] : [at], input: ref(at) }));
    const advance = new Advance();
    const run = liveRun(graphOf([{ nodes }]));
    const first = start(advance, run);
    advance.begin(run, 1);
    advance.giveUp(first.scope, first.instance, false);
    expect(advance.isRunEnded).toBe(true);
  });
});

describe("Advance, at a guest", () => {
  test("leaves to the home what only the home can read", () => {
    const advance = new Advance();
    const run = liveRun(graph, { isGuest: true, space: { ...localSpace, needsHome: () => true } });
    const a = start(advance, run);
    expect(pathsOf(end(advance, run, a, ["x"]))).toEqual(["b"]);
    expect(advance.forHome).toEqual([{ scope: run.root, instance: 3 }]);
    const before = advance.forHome;
    advance.begin(run, 1);
    expect(advance.forHome).toEqual([]);
    expect(before.length).toBe(1);
  });

  test("leaves to the home a list that is none", () => {
    const { broken, advance, run } = withBrokenList(true);
    advance.startElement(run.root, 0);
    expect(broken()).toEqual([]);
    expect(advance.forHome.map(({ scope, instance }) => taskPath(scope, instance))).toEqual(["inner[1]"]);
  });

  test("ends what is skipped by itself, whatever it reads", () => {
    const advance = new Advance();
    const run = liveRun(graph, { isGuest: true, space: { ...localSpace, needsHome: () => true } });
    const a = start(advance, run);
    advance.begin(run, 2);
    advance.giveUp(a.scope, a.instance, false);
    expect(advance.forHome).toEqual([]);
    expect(advance.isRunEnded).toBe(true);
  });

  test("leaves to the home a scope that finds no room here, with its list untouched", () => {
    const advance = new Advance();
    const run = liveRun(graph, { isGuest: true, space: { ...localSpace, open: () => undefined } });
    const a = start(advance, run);
    expect(pathsOf(end(advance, run, a, ["x", "y"]))).toEqual(["b"]);
    expect(advance.forHome).toEqual([{ scope: run.root, instance: 3 }]);
    run.space = localSpace;
    advance.begin(run, 9);
    advance.becomeReady(run.root, 3);
    expect(pathsOf(readyAfter(advance))).toEqual(["c[0]", "c[1]"]);
  });
});
