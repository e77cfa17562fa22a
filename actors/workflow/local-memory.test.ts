import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { copyValue } from "../kernel/value.js";
import { graphOf, type NodeDraft, ref } from "./graph.fixture.js";
import { NODE_TASK } from "./graph.js";
import { LocalMemory } from "./local-memory.js";
import { RegionShape } from "./region-shape.js";

const noLimit = Number.POSITIVE_INFINITY;

/** Memory of a region with one output at place 1 that has `readers` readers. */
function memoryWith(readers: number): LocalMemory {
  const nodes = Array.from({ length: readers }, (_, at): NodeDraft => ({ kind: NODE_TASK, name: `${at}`, waits: [1], input: ref(1) }));
  return new LocalMemory(new RegionShape(graphOf([{ nodes: [{ kind: NODE_TASK, name: "made" }, ...nodes] }]), 0, 1, 0));
}

describe("LocalMemory: outputs", () => {
  test("are kept until the last hold is given up, by reading or not, and never shared", () => {
    const steps = fc.array(fc.constantFrom("take", "take a field", "drop", "read"), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(steps, (all) => {
        const readers = all.filter((step) => step !== "read").length;
        const memory = memoryWith(readers);
        const output = { field: { n: 1 } };
        memory.put(1, output, noLimit);
        const seen = new Set<unknown>([output, output.field]);
        let holds = readers;
        for (const step of all) {
          if (step !== "read") holds -= 1;
          if (step === "drop") {
            memory.drop(1);
            continue;
          }
          const path = step === "take a field" ? ["field"] : [];
          const value = step === "read" ? memory.read(1, path) : memory.take(1, path);
          const isThere = step === "read" ? holds > 0 : true;
          expect(value).toEqual(isThere ? (path.length === 0 ? { field: { n: 1 } } : { n: 1 }) : undefined);
          if (isThere) expect(seen.has(value)).toBe(false);
          seen.add(value);
          if (isThere) (path.length === 0 ? (value as typeof output).field : (value as { n: number })).n = -1; // seen by nobody else
          expect(memory.state().outputs[1] === undefined).toBe(holds === 0);
        }
      }),
    );
  });

  test.each([
    ["a flat object", () => ({ n: 1, name: "x", none: undefined })],
    ["an empty object", () => ({})],
    ["an object without a prototype", () => Object.assign(Object.create(null), { n: 1 })],
    ["an object with a date", () => ({ at: new Date(0) })],
    ["a list", () => [1, 2]],
    ["a date", () => new Date(0)],
    ["a number", () => 7],
    ["undefined", () => undefined],
  ])("are each reader's own, and gone after the last one: %s", (_, make) => {
    const memory = memoryWith(2);
    const output: unknown = make();
    memory.put(1, output, noLimit);
    const readings = [memory.read(1, []), memory.take(1, []), memory.read(1, []), memory.take(1, [])];
    for (const reading of readings) expect(reading).toEqual(copyValue(make()));
    if (typeof output === "object") expect(new Set([output, ...readings]).size).toBe(5);
    expect(memory.read(1, [])).toBeUndefined();
  });

  test("without readers are checked and not kept", () => {
    const memory = memoryWith(0);
    memory.put(1, { fine: true }, noLimit);
    expect(memory.state().outputs[1]).toBe(undefined);
    expect(() => memory.put(1, { bad: () => {} }, noLimit)).toThrow(expect.objectContaining({ code: "DF_UNSERIALIZABLE" }));
    memory.putOwned(1, { fine: true });
    expect(memory.state().outputs[1]).toBe(undefined);
  });

  test("are copied by put and kept as they are by putOwned", () => {
    const value = { n: 1 };
    const copied = memoryWith(1);
    copied.put(1, value, noLimit);
    const kept = copied.take(1, []);
    expect(kept).toEqual(value);
    expect(kept).not.toBe(value);
    const owned = memoryWith(1);
    owned.putOwned(1, value);
    expect(owned.take(1, [])).toBe(value);
  });
});

describe("LocalMemory: counters", () => {
  const graph = graphOf([
    { nodes: [] },
    {
      nodes: [
        { kind: NODE_TASK, name: "a" },
        { kind: NODE_TASK, name: "b" },
        { kind: NODE_TASK, name: "c", waits: [1, 2] },
      ],
    },
  ]);

  test("release says true to the last one alone, for every instance apart", () => {
    const memory = new LocalMemory(new RegionShape(graph, 1, 3, 0));
    for (const element of [2, 0, 1]) expect(memory.release(element * 4 + 3)).toBe(false);
    for (const element of [1, 2, 0]) expect(memory.release(element * 4 + 3)).toBe(true);
  });

  test("skip is seen by all, counts as no end, and hinders none", () => {
    const memory = new LocalMemory(new RegionShape(graph, 1, 1, 0));
    memory.skip(3);
    expect([1, 2, 3].map((instance) => memory.isSkipped(instance))).toEqual([false, false, true]);
    expect([memory.release(3), memory.release(3)]).toEqual([false, true]);
    memory.skip(3);
    expect(memory.isSkipped(3)).toBe(true);
  });

  test("nodeEnded says true to the last node of the scope", () => {
    const memory = new LocalMemory(new RegionShape(graph, 1, 2, 0));
    expect(Array.from({ length: 6 }, () => memory.nodeEnded())).toEqual([false, false, false, false, false, true]);
  });

  test("with a limit, elementEnded says true to the last node of each element, and nextElement gives the others in order", () => {
    const memory = new LocalMemory(new RegionShape(graph, 1, 4, 2));
    expect([0, 1, 0, 1, 0].map((element) => memory.elementEnded(element))).toEqual([false, false, false, false, true]);
    expect(memory.elementEnded(1)).toBe(true);
    expect([memory.nextElement(), memory.nextElement(), memory.nextElement()]).toEqual([2, 3, 4]);
  });

  test("without a limit no end of an element counts, and there is no next one", () => {
    const memory = new LocalMemory(new RegionShape(graph, 1, 2, 2));
    expect([0, 0, 0].map((element) => memory.elementEnded(element))).toEqual([false, false, false]);
    expect(memory.nextElement()).toBeGreaterThanOrEqual(2);
  });
});
