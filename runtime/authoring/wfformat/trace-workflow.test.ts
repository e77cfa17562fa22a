import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Template } from "../../../actors/workflow/graph.js";
import { simulatedTrace } from "../../simulation/trace-workload.js";
import { openGraph } from "../topology.js";
import { bodiesModule, none } from "./bodies.js";
import { textOf } from "./documents.fixture.js";
import { parseWfFormat } from "./parse.js";
import { digestOf } from "./task-hash.js";
import { topologicalOrder } from "./topological-order.js";
import { leavesOf, type Trace, type TraceTask } from "./trace.js";
import { criticalPathMs } from "./trace-totals.js";
import { traceWorkflow } from "./trace-workflow.js";

const trace = parseWfFormat(
  textOf("1.5", [
    { id: "__proto__", parents: ["x#1", "a.b"], seconds: 0.25, inputs: { f: 3, g: 4 } },
    { id: "x#1", parents: ["a.b"], seconds: 1.5 },
    { id: "x_1", seconds: 3 },
    { id: "a.b", seconds: 2, outputs: { f: 3 } },
  ]),
  "t",
);

const ref = (place: number): Template => ({ kind: "ref", up: 0, place, path: [] });
const input = (id: string, parents: number[], ms: number): Template => ({
  kind: "object",
  keys: ["id", "parents", "ms"],
  values: [
    { kind: "constant", value: id },
    { kind: "list", items: parents.map(ref) },
    { kind: "constant", value: ms },
  ],
});

describe("traceWorkflow", () => {
  const workflow = traceWorkflow(trace, { body: "timer", timeScale: 0.5 });
  const graph = openGraph(workflow.topology);

  test("lists the tasks in the order of the file, under legal names that differ", () => {
    expect(Array.from({ length: graph.nodeCount }, (_, node) => graph.name(node))).toEqual(["input", "proto__", "x-1", "x_1", "a.b"]);
  });

  test("gives a task its id, what its parents pass on, and its scaled time, which is its estimate, too", () => {
    expect(graph.template(1)).toEqual(input("__proto__", [2, 4], 125));
    expect(graph.template(4)).toEqual(input("a.b", [], 1000));
    expect(graph.options(1)).toMatchObject({ estimateMs: 125, attempts: 3, timeoutMs: Number.POSITIVE_INFINITY, cpus: undefined });
    expect(Array.from(graph.missing)).toEqual([0, 2, 1, 0, 0]);
  });

  test("gives what the leaves pass on", () => {
    expect(graph.result(0)).toEqual({ kind: "list", items: [ref(1), ref(3)] });
  });

  test("names a handler that workers can import", () => {
    expect(workflow.source).toEqual({ kind: "exports", handlers: [{ module: bodiesModule, name: "timer" }] });
  });
});

test("simulatedTrace() knows the time, the cores and the input of every node", () => {
  const { name, graph, durationMs, inputBytes } = simulatedTrace(trace);
  expect(name).toBe("written");
  expect(Array.from({ length: graph.nodeCount }, (_, node) => durationMs(node))).toEqual([0, 250, 1500, 3000, 2000]);
  expect(Array.from(inputBytes!)).toEqual([0, 7, 0, 0, 0]);
  expect(graph.options(2)).toMatchObject({ estimateMs: 1500, cpus: 2, memoryBytes: undefined });
});

test("criticalPathMs() is scaled", () => {
  expect(criticalPathMs(trace, 2)).toBe(7500);
});

/** What a run of a trace passes on when it hands tasks what `given` makes of their parents' hashes. */
function digestWith({ tasks }: Trace, given: (parents: string[], task: number) => string[]): string {
  const passedOn: string[] = [];
  for (const position of topologicalOrder(tasks.map(({ parents }) => parents)).positions) {
    const { id, parents } = tasks[position]!;
    passedOn[position] = none({
      id,
      parents: given(
        parents.map((parent) => passedOn[parent]!),
        position,
      ),
      ms: 0,
    });
  }
  return digestOf(leavesOf({ name: "", version: "", tasks }).map((leaf) => passedOn[leaf]!));
}

const anyTrace = fc.array(fc.array(fc.nat(), { maxLength: 3 }), { minLength: 2, maxLength: 15 }).map((lists): Trace => {
  const tasks = lists.map((list, at): TraceTask => {
    const parents = at === 0 ? [] : [...new Set([at - 1, ...list.map((parent) => parent % at)])];
    return {
      id: `t${at}`,
      name: "t",
      category: "t",
      parents,
      runtimeMs: 0,
      cores: 1,
      inputBytes: 0,
    };
  });
  return { name: "t", version: "1.5", tasks };
});

describe("the digest of a replay", () => {
  test("does not depend on the order of inputs", () => {
    fc.assert(fc.property(anyTrace, (any) => digestWith(any, (parents) => parents.toReversed()) === digestWith(any, (parents) => parents)));
  });

  test.each([
    ["is handed one input twice", (parents: string[]) => [...parents, parents[0]!]],
    ["is not handed one of its inputs", (parents: string[]) => parents.slice(1)],
    ["is handed another's input", (parents: string[]) => [none({ id: "other", parents: [], ms: 0 }), ...parents.slice(1)]],
  ])("tells when a task %s", (_, mutant) => {
    fc.assert(
      fc.property(anyTrace, fc.nat(), (any, number) => {
        const victim = 1 + (number % (any.tasks.length - 1));
        expect(digestWith(any, (parents, task) => (task === victim ? mutant(parents) : parents))).not.toBe(
          digestWith(any, (parents) => parents),
        );
      }),
    );
  });
});
