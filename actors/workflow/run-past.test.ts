import { expect, test } from "vitest";
import { graphOf } from "./graph.fixture.js";
import { NODE_EXPAND_MAP, NODE_EXPAND_REDUCE, NODE_GATHER, NODE_TASK } from "./graph.js";
import { localSpace } from "./local-space.js";
import { ReduceShape } from "./reduce-shape.js";
import { RegionShape } from "./region-shape.js";
import { RunPast, type TaskFact, taskPositions } from "./run-past.js";
import { rootScope } from "./scope.fixture.js";
import type { Scope } from "./scope.js";

/** A task beside a map of a task, of a map of a task, and of a reduce. */
const graph = graphOf([
  {
    nodes: [
      { kind: NODE_TASK, name: "top" },
      { kind: NODE_EXPAND_MAP, name: "rows", extra: 1, partner: 3 },
      { kind: NODE_GATHER, name: "rows:gather", partner: 2 },
    ],
  },
  {
    nodes: [
      { kind: NODE_TASK, name: "row" },
      { kind: NODE_EXPAND_MAP, name: "cells", extra: 2, partner: 3 },
      { kind: NODE_GATHER, name: "cells:gather", partner: 2 },
      { kind: NODE_EXPAND_REDUCE, name: "total", extra: 2, partner: 5 },
      { kind: NODE_GATHER, name: "total:gather", partner: 4 },
    ],
  },
  { nodes: [{ kind: NODE_TASK, name: "cell" }] },
]);

/** Every instance of a run with so many rows, of so many cells each, and a reduce over them. */
function instancesOf(rows: number, cells: number): { readonly scope: Scope; readonly instance: number }[] {
  const root = rootScope(graph);
  const rowScope = localSpace.open(root, 2, new RegionShape(graph, 1, rows, 0), new Array(rows).fill(0)) as Scope;
  const scopes = [root, rowScope];
  for (let row = 0; row < rows; row++) {
    const base = rowScope.shape.baseOf(row);
    scopes.push(localSpace.open(rowScope, base + 2, new RegionShape(graph, 2, cells, 0), new Array(cells).fill(0)) as Scope);
    const node = (graph.first[1] as number) + 4;
    scopes.push(localSpace.open(rowScope, base + 4, new ReduceShape(node, cells, 2), new Array(cells).fill(0)) as Scope);
  }
  return scopes.flatMap((scope) => Array.from({ length: scope.shape.instances }, (_, instance) => ({ scope, instance })));
}

const fact = (positions: readonly number[]): TaskFact => ({
  ...{ positions, attempts: 1, hasReturned: false, dueAt: 0, started: 0, deaths: 0, isParked: false },
});
const codec = { value: () => undefined, failure: () => expect.fail("nobody reads a failure here") };

test("positions name each instance of a run, in every execution of it alike", () => {
  const named = (rows: number, cells: number) =>
    instancesOf(rows, cells).map(({ scope, instance }) => taskPositions(scope, instance).join());
  const names = named(3, 4);
  expect(new Set(names).size).toBe(names.length);
  expect(named(3, 4)).toEqual(names);
});

test("a task outside of maps has one number, one in a map of a map has those of both expands behind it, innermost first", () => {
  const root = rootScope(graph);
  const rows = localSpace.open(root, 2, new RegionShape(graph, 1, 3, 0), ["a", "b", "c"]) as Scope;
  const cells = localSpace.open(rows, rows.shape.baseOf(1) + 2, new RegionShape(graph, 2, 2, 0), ["x", "y"]) as Scope;
  expect(taskPositions(root, 1)).toEqual([1]);
  expect(taskPositions(rows, 7)).toEqual([7, 2]);
  expect(taskPositions(cells, 3)).toEqual([3, rows.shape.baseOf(1) + 2, 2]);
});

test("a past gives each task the fact that names it, and no other", () => {
  const all = instancesOf(2, 3);
  for (const known of all) {
    const positions = taskPositions(known.scope, known.instance);
    const past = new RunPast([fact(positions), fact([...positions, 99])], codec);
    const found = all.filter(({ scope, instance }) => past.of(scope, instance) !== undefined);
    expect(found).toEqual([known]);
    expect(past.of(known.scope, known.instance)?.positions).toEqual(positions);
  }
});
