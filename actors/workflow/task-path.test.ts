import { describe, expect, test } from "vitest";
import { graphOf } from "./graph.fixture.js";
import { NODE_EXPAND_MAP, NODE_EXPAND_REDUCE, NODE_GATHER, NODE_TASK } from "./graph.js";
import { localSpace } from "./local-space.js";
import { ReduceShape } from "./reduce-shape.js";
import { RegionShape } from "./region-shape.js";
import { rootScope } from "./scope.fixture.js";
import type { Scope } from "./scope.js";
import { taskPath } from "./task-path.js";

/** A task beside a map (of a task beside a map and a reduce), each map with its gather. */
const graph = graphOf([
  {
    nodes: [
      { kind: NODE_TASK, name: "top" },
      { kind: NODE_EXPAND_MAP, name: "rows", extra: 1, partner: 3 },
      { kind: NODE_GATHER, name: "rows:gather", partner: 2 },
      { kind: NODE_EXPAND_REDUCE, name: "sum", extra: 2, partner: 5 },
      { kind: NODE_GATHER, name: "sum:gather", partner: 4 },
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

const node = (region: number, place: number) => (graph.first[region] as number) + place;

describe("taskPath", () => {
  const root = rootScope(graph);
  const rows = localSpace.open(root, 2, new RegionShape(graph, 1, 3, 0), ["a", "b", "c"]) as Scope;
  const cells = localSpace.open(rows, rows.shape.baseOf(2) + 2, new RegionShape(graph, 2, 2, 0), ["x", "y"]) as Scope;

  test("of a task of the workflow itself is its name", () => {
    expect(taskPath(root, 1)).toBe("top");
  });

  test("of a task in a map has the element's position", () => {
    expect([0, 1, 2].map((element) => taskPath(rows, rows.shape.baseOf(element) + 1))).toEqual(["row[0]", "row[1]", "row[2]"]);
  });

  test("of a task in nested maps has all positions, outermost first", () => {
    expect([0, 1].map((element) => taskPath(cells, cells.shape.baseOf(element) + 1))).toEqual(["cell[2][0]", "cell[2][1]"]);
  });

  test("of a reduce has the number of the call, behind the positions around it", () => {
    const sum = localSpace.open(root, 4, new ReduceShape(node(0, 4), 3, 2), [1, 2, 3]) as Scope;
    expect([3, 4, 5].map((instance) => taskPath(sum, instance))).toEqual(["sum[0]", "sum[1]", "sum[2]"]);
    const total = localSpace.open(rows, rows.shape.baseOf(1) + 4, new ReduceShape(node(1, 4), 1, 2), [1]) as Scope;
    expect(taskPath(total, 1)).toBe("total[1][0]");
  });
});
