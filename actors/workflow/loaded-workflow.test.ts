import { expect, test } from "vitest";
import { graphOf } from "./graph.fixture.js";
import { NODE_TASK } from "./graph.js";
import { LoadedWorkflow } from "./loaded-workflow.js";

const graph = graphOf([
  {
    nodes: [
      { kind: NODE_TASK, name: "a" },
      { kind: NODE_TASK, name: "b", waits: [1] },
      { kind: NODE_TASK, name: "c" },
    ],
  },
  { nodes: [{ kind: NODE_TASK, name: "d" }] },
  { nodes: [] },
]);

test("LoadedWorkflow: the roots of a region are its nodes that wait for nothing, the param apart", () => {
  expect(new LoadedWorkflow({ id: 0, name: "w", graph, handlers: [] }).roots).toEqual([[1, 3], [1], []]);
});

test("LoadedWorkflow: learns how long a task takes, of each task apart, and follows changes", () => {
  const workflow = new LoadedWorkflow({ id: 0, name: "w", graph, handlers: [] });
  expect(workflow.averageMs(1)).toBeNaN();
  workflow.observe(1, 8);
  expect(workflow.averageMs(1)).toBe(8);
  workflow.observe(1, 0);
  expect(workflow.averageMs(1)).toBe(7);
  for (let time = 0; time < 100; time++) workflow.observe(1, 2);
  expect(workflow.averageMs(1)).toBeCloseTo(2, 3);
  expect(workflow.averageMs(2)).toBeNaN();
});

test.each([
  [{ cpus: undefined, memoryBytes: undefined }, false],
  [{ cpus: 0, memoryBytes: undefined }, false],
  [{ cpus: 0.001, memoryBytes: undefined }, true],
  [{ cpus: undefined, memoryBytes: 1 }, true],
])("LoadedWorkflow: whether a task with options %o reserves: %o", (options, isReserving) => {
  const reserving = { ...graph, options: (node: number) => ({ ...graph.options(node), ...options }) };
  const workflow = new LoadedWorkflow({ id: 0, name: "w", graph: reserving, handlers: [] });
  expect([workflow.isReserving(1), workflow.isReserving(1)]).toEqual([isReserving, isReserving]);
});

test("LoadedWorkflow: which tasks have a process of their own", () => {
  const options = (node: number) => ({ ...graph.options(node), ...(node === 2 ? { executor: "process" as const } : {}) });
  const workflow = new LoadedWorkflow({ id: 0, name: "w", graph: { ...graph, options }, handlers: [] });
  expect([1, 2, 3, 2].map((node) => workflow.isInProcess(node))).toEqual([false, true, false, true]);
});

test("LoadedWorkflow: twins learn from the runs of either", () => {
  const first = new LoadedWorkflow({ id: 0, name: "w", graph, handlers: [] });
  const second = new LoadedWorkflow({ id: 0, name: "w", graph: { ...graph }, handlers: [], twin: first });
  second.observe(1, 8);
  expect(first.averageMs(1)).toBe(8);
  expect(second.roots).toBe(first.roots);
});
