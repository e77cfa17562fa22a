import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { topologicalOrder } from "./topological-order.js";

/** Parents of each task among `count`, with no care for cycles. */
const anyParents = fc
  .integer({ min: 1, max: 12 })
  .chain((count) => fc.array(fc.uniqueArray(fc.nat(count - 1), { maxLength: 3 }), { minLength: count, maxLength: count }));

describe("topologicalOrder", () => {
  test("finds an order in which every task follows its parents, or a way round", () => {
    fc.assert(
      fc.property(anyParents, (parents) => {
        const { kind, positions } = topologicalOrder(parents);
        if (kind === "cycle") {
          expect(positions.length).toBeGreaterThan(1);
          expect(positions[0]).toBe(positions.at(-1));
          expect(new Set(positions).size).toBe(positions.length - 1);
          for (let at = 1; at < positions.length; at++) expect(parents[positions[at]!]).toContain(positions[at - 1]);
        } else {
          const placeOf = new Map(Array.from(positions, (position, place) => [position, place]));
          expect(placeOf.size).toBe(parents.length);
          parents.forEach((list, child) => {
            for (const parent of list) expect(placeOf.get(parent)).toBeLessThan(placeOf.get(child)!);
          });
        }
      }),
    );
  });

  test("takes a chain of 200,000 tasks, whichever way it is listed", () => {
    const count = 200_000;
    const chain = Array.from({ length: count }, (_, at) => (at === count - 1 ? [] : [at + 1]));
    expect(topologicalOrder(chain).positions[0]).toBe(count - 1);
    chain[count - 1] = [0];
    expect(topologicalOrder(chain)).toMatchObject({ kind: "cycle", positions: { length: count + 1 } });
  });
});
