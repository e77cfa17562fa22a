import { expect, test } from "vitest";
import { loadWorkflow } from "../worker/load-workflow.fixture.js";
import { taskOfPositions } from "./task-of-positions.js";

function first(value: unknown): unknown {
  return value;
}
function second(value: unknown): unknown {
  return value;
}
function inner(value: unknown): unknown {
  return value;
}
function merge(values: unknown): unknown {
  return values;
}

const { graph } = loadWorkflow((flow, input) => {
  const one = flow.task(first, input);
  const grid = flow.map(one, (row) => {
    const cells = flow.map(row, (cell) => flow.task(inner, cell));
    return flow.task(second, cells);
  });
  return flow.reduce(grid, merge);
});

/** Positions of the nodes of a name, as instances in their region. */
function placeOf(name: string, kind: number): number {
  for (let region = 0; region < graph.regionCount; region++) {
    const from = graph.first[region] as number;
    for (let node = from; node < (graph.first[region + 1] as number); node++) {
      if (graph.kind[node] === kind && graph.name(node) === name) return node - from;
    }
  }
  throw new Error(`no ${name}`);
}

const strideOf = (region: number) => (graph.first[region + 1] as number) - (graph.first[region] as number);
const regionOf = (name: string) => {
  for (let region = 0; region < graph.regionCount; region++)
    for (let node = graph.first[region] as number; node < (graph.first[region + 1] as number); node++)
      if (graph.name(node) === name) return region;
  throw new Error(`no ${name}`);
};

test("a task outside of maps", () => {
  expect(taskOfPositions(graph, [placeOf("first", 1)])).toEqual({ node: placeOf("first", 1), path: "first" });
});

test("a task of an element, and one of an element of an element", () => {
  const outer = regionOf("second");
  const body = regionOf("inner");
  const openOuter = placeOf("map", 2);
  const inOuter = 3 * strideOf(outer) + placeOf("second", 1);
  expect(taskOfPositions(graph, [inOuter, openOuter]).path).toBe("second[3]");
  const openInner = 3 * strideOf(outer) + placeOf("map-2", 2);
  const inInner = 7 * strideOf(body) + placeOf("inner", 1);
  const found = taskOfPositions(graph, [inInner, openInner, openOuter]);
  expect(found.path).toBe("inner[3][7]");
  expect(graph.name(found.node)).toBe("inner");
});

test("a call of a reduce has the options of the reduce", () => {
  const expand = placeOf("merge", 3);
  const found = taskOfPositions(graph, [5, expand]);
  expect(found.node).toBe(expand);
  expect(graph.options(found.node).attempts).toBe(3);
});
