import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkAcyclic, type Edges } from "./check-acyclic.js";

/** Tables of regions with so many nodes each, and edges between places of one region. */
function tables(nodeCounts: readonly number[], edges: readonly (readonly [region: number, from: number, to: number])[]): Edges {
  const first = Int32Array.from([
    0,
    ...nodeCounts.map((_, region) => nodeCounts.slice(0, region + 1).reduce((sum, count) => sum + count, 0)),
  ]);
  const nodeCount = first.at(-1)!;
  const from = (node: number) => edges.filter(([region, place]) => first[region]! + place === node).map(([, , to]) => to);
  const successors = Array.from({ length: nodeCount }, (_, node) => from(node));
  const successorFirst = Int32Array.from([0, ...successors.map((_, node) => successors.slice(0, node + 1).flat().length)]);
  return { nodeCount, first, successorFirst, successor: Int32Array.from(successors.flat()) };
}

const name = (node: number) => "abcdefghij"[node] ?? String(node);

describe("checkAcyclic", () => {
  test("names the way round", () => {
    const edges = tables(
      [4],
      [
        [0, 0, 1],
        [0, 1, 2],
        [0, 2, 3],
        [0, 3, 1],
      ],
    );
    expect(() => checkAcyclic(edges, name)).toThrow(
      expect.objectContaining({
        code: "DF_SPEC_INVALID",
        message: "Cannot compile the workflow as no task may wait for itself: found b -> c -> d -> b",
      }),
    );
  });

  test("finds a task that waits for itself", () => {
    expect(() => checkAcyclic(tables([2], [[0, 1, 1]]), name)).toThrow("found b -> b");
  });

  test("finds a cycle in a body, whose places begin at 0 again", () => {
    expect(() =>
      checkAcyclic(
        tables(
          [3, 3],
          [
            [0, 0, 1],
            [1, 1, 2],
            [1, 2, 1],
          ],
        ),
        name,
      ),
    ).toThrow("found e -> f -> e");
  });

  test("passes diamonds and places that are equal in two regions", () => {
    checkAcyclic(
      tables(
        [4, 2],
        [
          [0, 0, 1],
          [0, 0, 2],
          [0, 1, 3],
          [0, 2, 3],
          [1, 0, 1],
        ],
      ),
      name,
    );
  });

  test("follows chains deeper than the stack", () => {
    const length = 200_000;
    const chain = {
      nodeCount: length,
      first: Int32Array.of(0, length),
      successorFirst: Int32Array.from({ length: length + 1 }, (_, node) => node),
    };
    const forward = Int32Array.from({ length }, (_, node) => Math.min(node + 1, length - 1));
    const open = { ...chain, successorFirst: chain.successorFirst.map((at) => Math.min(at, length - 1)), successor: forward };
    checkAcyclic(open, name);
    expect(() => checkAcyclic({ ...chain, successor: forward.map((to, node) => (node === length - 1 ? length - 2 : to)) }, name)).toThrow(
      "199998 -> 199999 -> 199998",
    );
  });

  test("agrees with removing what waits for nothing, until nothing is left", () => {
    const place = fc.nat(5);
    fc.assert(
      fc.property(fc.uniqueArray(fc.tuple(place, place), { selector: String, maxLength: 9 }), (pairs) => {
        let left = pairs;
        for (let round = 0; round < 6; round++) left = left.filter(([from]) => left.some(([, to]) => to === from));
        const check = () =>
          checkAcyclic(
            tables(
              [6],
              pairs.map(([from, to]) => [0, from, to] as const),
            ),
            name,
          );
        if (left.length === 0) check();
        else expect(check).toThrow(expect.objectContaining({ code: "DF_SPEC_INVALID" }));
      }),
    );
  });
});
