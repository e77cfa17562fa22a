import fc from "fast-check";
import { expect, test } from "vitest";
import { MinimumCut } from "./minimum-cut.js";

const nodes = 5;
const arc = fc.record({ from: fc.nat(nodes - 1), to: fc.nat(nodes - 1), cost: fc.oneof(fc.nat(9), fc.constant(Number.POSITIVE_INFINITY)) });
const charges = fc.array(fc.integer({ min: -9, max: 9 }), { minLength: nodes, maxLength: nodes });

test("no side costs less than the one that is found, of all that there are", () => {
  fc.assert(
    fc.property(fc.array(arc, { maxLength: 12 }), charges, (arcs, charged) => {
      const network = new MinimumCut(nodes);
      for (const { from, to, cost } of arcs) network.add(from, to, cost);
      charged.forEach((cost, node) => void network.charge(node, cost));
      const costOf = (side: readonly boolean[]): number =>
        charged.reduce((sum, cost, node) => sum + (side[node] ? Math.max(0, cost) : Math.max(0, -cost)), 0) +
        arcs.reduce((sum, { from, to, cost }) => sum + (side[from] && !side[to] ? cost : 0), 0);
      const sides = Array.from({ length: 2 ** nodes }, (_, bits) => Array.from({ length: nodes }, (_, node) => ((bits >> node) & 1) === 1));
      expect(costOf(network.sourceSide(1e-9))).toBe(Math.min(...sides.map(costOf)));
    }),
    { numRuns: 500 },
  );
});
