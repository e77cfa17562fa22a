import { describe, expect, test } from "vitest";
import { Advance } from "./advance.js";
import { constant, graphOf, list, ref } from "./graph.fixture.js";
import { NODE_EXPAND_MAP, NODE_GATHER, NODE_TASK } from "./graph.js";
import { localSpace } from "./local-space.js";
import type { ReadyTask, Run } from "./run.js";
import { liveRun } from "./scope.fixture.js";

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
  advance.nodeEnded(task.scope, task.instance);
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

  test("recovers from a list that is none, in the middle of others", () => {
    const body = { kind: NODE_EXPAND_MAP, name: "inner", input: ref(0), extra: 2, partner: 2 };
    const nested = graphOf([
      {
        nodes: [
          { kind: NODE_EXPAND_MAP, name: "outer", input: constant([[], [], 5, []]), extra: 1, partner: 2, width: 1 },
          { kind: NODE_GATHER, name: "g", partner: 1 },
        ],
      },
      { nodes: [body, { kind: NODE_GATHER, name: "h", partner: 1 }] },
      { nodes: [{ kind: NODE_TASK, name: "never" }] },
    ]);
    const advance = new Advance();
    const broken = liveRun(nested);
    advance.begin(broken, 0);
    expect(() => advance.startElement(broken.root, 0)).toThrow(
      "Cannot open inner[2] as flow.map and flow.reduce need a list: found number",
    );
    const sound = { ...nested, template: (node: number) => (node === 1 ? constant([[], [], [5], []]) : nested.template(node)) };
    const run = liveRun(sound);
    expect(start(advance, run).path).toBe("never[2][0]");
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
