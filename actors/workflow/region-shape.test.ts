import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { graphOf, ref } from "./graph.fixture.js";
import { NODE_TASK } from "./graph.js";
import { mapWidthDefault, RegionShape } from "./region-shape.js";

const task = (name: string, waits: number[]) => ({ kind: NODE_TASK, name, waits, input: ref(waits.at(-1) ?? 0) });
const graph = graphOf([
  { nodes: [task("a", []), task("b", [1])], result: ref(2) },
  { nodes: [task("c", []), task("d", [1]), task("e", [1, 2])], result: ref(3) },
]);

describe("RegionShape", () => {
  test("lays elements one after another, each with all nodes of its region", () => {
    fc.assert(
      fc.property(fc.nat(1), fc.nat(5), (region, count) => {
        const shape = new RegionShape(graph, region, count, 0);
        const stride = region === 0 ? 3 : 4;
        expect([shape.instances, shape.nodes, shape.nodesPerElement]).toEqual([count * stride, count * (stride - 1), stride - 1]);
        for (let instance = 0; instance < shape.instances; instance++) {
          const element = shape.elementOf(instance);
          const place = instance - shape.baseOf(element);
          const node = (graph.first[region] as number) + place;
          expect(place).toBe(instance % stride);
          expect(element).toBe(Math.floor(instance / stride));
          expect(shape.nodeOf(instance)).toBe(node);
          expect(shape.missingOf(instance)).toBe(graph.missing[node]);
          expect(shape.readersOf(instance)).toBe(graph.readers[node]);
        }
      }),
    );
  });

  test("limits the elements in progress to what the author said, or to a default", () => {
    expect(new RegionShape(graph, 1, 10, 3).width).toBe(3);
    expect(new RegionShape(graph, 1, 10, 0).width).toBe(mapWidthDefault);
  });
});
