import { describe, expect, test } from "vitest";
import { runInOrder } from "../peers/graph/sequential.js";
import { graphOf, shapes } from "./graphs.js";
import { Answers, inputOf } from "./inputs.js";
import { step, stepAsync } from "./task-graph.js";

const input = { v: 3, name: "run" };

describe("step", () => {
  test("is exact on 32 bits and carries the name along", () => {
    expect(step([input])).toEqual({ v: 34, name: "run" });
    expect(step([{ v: 0x7fff_ffff, name: "big" }])).toEqual({ v: -0x8000_0000 + 30, name: "big" });
  });

  test("depends on the order of its inputs", () => {
    const other = { v: 4, name: "run" };
    expect(step([input, other]).v).toBe((1 * 31 + 3) * 31 + 4);
    expect(step([other, input]).v).not.toBe(step([input, other]).v);
  });

  test("gives the same as an asynchronous handler", async () => {
    expect(await stepAsync([input, input])).toEqual(step([input, input]));
  });
});

describe.each(shapes)("%s", (shape) => {
  test.each([1, 2, 3, 4, 9, 10, 11, 12, 17, 19, 23, 31, 37, 57, 96, 100])(
    "of %i tasks gives the answer that was found another way",
    (size) => {
      const graph = graphOf(`${shape}-${size}`);
      expect(graph.parents).toHaveLength(size);
      expect(runInOrder(graph, input)).toEqual(graph.expected(input));
    },
  );

  test("lists parents before children, and as sinks exactly the tasks that nobody reads", () => {
    const { parents, sinks } = graphOf(`${shape}-37`);
    const read = new Set(parents.flat());
    for (const [task, from] of parents.entries()) for (const parent of from) expect(parent).toBeLessThan(task);
    expect(sinks).toEqual([...parents.keys()].filter((task) => !read.has(task)));
  });

  test("a lost edge changes the answer", () => {
    const graph = graphOf(`${shape}-30`);
    const parents = graph.parents.map((from, task) => (task === 29 ? [...from, 0] : from));
    expect(runInOrder({ ...graph, parents }, input)).not.toEqual(graph.expected(input));
  });
});

test("a chain of two", () => expect(graphOf("chain-2").expected(input)).toEqual([{ v: 31 + 34 * 31, name: "run" }]));

test("no two columns of a stencil give the same: one in the other's place is seen", () => {
  const outputs = graphOf("stencil-40")
    .expected(input)
    .map(({ v }) => v);
  expect(new Set(outputs).size).toBe(10);
});

test("a fan of four is a diamond", () => expect(graphOf("fan-4").parents).toEqual([[], [0], [0], [1, 2]]));

test("a fan-in of four is a tree: three that nobody else reads, and one that reads them", () =>
  expect(graphOf("fan-in-4").parents).toEqual([[], [], [], [0, 1, 2]]));

test("a stencil reads up to three neighbours above", () => {
  const { parents } = graphOf("stencil-20");
  expect(parents.slice(0, 10)).toEqual(Array.from({ length: 10 }, () => []));
  expect([parents[10], parents[14], parents[19]]).toEqual([
    [0, 1],
    [3, 4, 5],
    [8, 9],
  ]);
});

test("diamonds in a row: a join is the fork of the next", () => {
  expect(graphOf("diamond-7").parents).toEqual([[], [0], [0], [1, 2], [3], [3], [4, 5]]);
});

test("an fft reads 1, then 2, 4, 8 and again 1 to the left and right", () => {
  const { parents } = graphOf("fft-96");
  const columnsOf = (row: number, column: number) => parents[row * 16 + column]!.map((from) => from - (row - 1) * 16);
  expect([1, 2, 3, 4, 5].map((row) => columnsOf(row, 7))).toEqual([
    [6, 7, 8],
    [5, 7, 9],
    [3, 7, 11],
    [7, 15],
    [6, 7, 8],
  ]);
  expect([columnsOf(1, 0), columnsOf(3, 14)]).toEqual([
    [0, 1],
    [10, 14],
  ]);
});

test("a layered graph is random, the same one each time, and every task but those of the first layer reads 1 to 3 others", () => {
  const { parents } = graphOf("layered-400");
  expect(graphOf("layered-400").parents).toEqual(parents);
  expect(graphOf("layered-401").parents.slice(0, 400)).not.toEqual(parents);
  const sources = parents.findIndex((from) => from.length > 0);
  const counts = parents.slice(sources).map((from) => from.length);
  expect([...new Set(counts)].sort()).toEqual([1, 2, 3]);
  for (const from of parents) expect(new Set(from).size).toBe(from.length);
});

test.each(["chain", "chain-0", "chain-01", "chain-in-5", "ring-5", "constructor-5", "stencil-x"])("no graph is called %s", (name) => {
  expect(() => graphOf(name)).toThrow("Cannot make a workload");
});

describe("Answers", () => {
  const graph = graphOf("stencil-20");
  const answers = new Answers(graph);
  const right = graph.expected(inputOf(5));

  test("accept the answer of the run's own input", () => answers.check(5, right));

  test.each([
    ["of another run", 6, right],
    ["with an output missing", 5, right.slice(1)],
    ["with another last output", 5, [...right.slice(0, -1), right[0]!]],
    ["in another order", 5, right.toReversed()],
    ["with another name", 5, right.map((output) => ({ ...output, name: "walk" }))],
  ])("refuse an answer %s", (_, run, answer) => expect(() => answers.check(run, answer)).toThrow("its answer is wrong"));
});
