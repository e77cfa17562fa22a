import { describe, expect, test } from "vitest";
import { assembler, holdingAssembler } from "./assemble.js";
import { constant, graphOf, index, list, type NodeDraft, object, ref } from "./graph.fixture.js";
import { NODE_EXPAND_MAP, NODE_TASK, type Template } from "./graph.js";
import type { LocalMemory } from "./local-memory.js";
import { localSpace } from "./local-space.js";
import { RegionShape } from "./region-shape.js";
import { rootScope } from "./scope.fixture.js";
import type { Scope } from "./scope.js";

const output = () => ({ a: { b: [1, 2] }, c: "text" });

/** A scope where place 1 has the output above, with a reader for each template. */
function scopeWith(...templates: Template[]): Scope {
  const nodes = templates.map((input, at): NodeDraft => ({ kind: NODE_TASK, name: `reader-${at}`, waits: [1], input }));
  const scope = rootScope(graphOf([{ nodes: [{ kind: NODE_TASK, name: "made" }, ...nodes] }]));
  scope.memory.put(1, output(), Number.POSITIVE_INFINITY);
  return scope;
}

const kept = (scope: Scope, place: number) => (scope.memory as LocalMemory).state().outputs[place];
const holds = (scope: Scope, place: number) => (scope.memory as LocalMemory).state().holds[place];

describe("assembler", () => {
  test("puts constants, outputs, fields, lists and objects together", () => {
    const template = object({
      whole: ref(1),
      field: ref(1, ["a", "b", 1]),
      missing: ref(1, ["a", "x", "y"]),
      list: list(constant(null), constant("text"), list()),
      deep: constant({ fixed: [1] }),
      at: index(),
    });
    expect(assembler(template, 0)(scopeWith(template), 0, 0)).toEqual({
      whole: output(),
      field: 2,
      missing: undefined,
      list: [null, "text", []],
      deep: { fixed: [1] },
      at: 0,
    });
  });

  test("gives constants that are objects away as copies", () => {
    const shared = { list: [1] };
    const make = assembler(constant(shared), 0);
    const scope = scopeWith();
    const first = make(scope, 0, 0) as typeof shared;
    first.list.push(2);
    expect(make(scope, 0, 0)).toEqual({ list: [1] });
    expect(shared).toEqual({ list: [1] });
  });

  test("the last of several references in one input moves the output, the earlier ones copy", () => {
    const template = list(ref(1), ref(1, ["a"]), ref(1));
    const scope = scopeWith(template);
    const stored = kept(scope, 1);
    const [first, second, third] = assembler(template, 0)(scope, 0, 0) as ReturnType<typeof output>[];
    expect(first).toEqual(output());
    expect(first).not.toBe(stored);
    expect(first?.a).not.toBe(third?.a);
    expect(second).not.toBe(third?.a);
    expect(third).toBe(stored);
    expect(holds(scope, 1)).toBe(0);
    expect(kept(scope, 1)).toBe(undefined);
  });

  test("of several readers each gives up one hold, however often it reads, and the last one gets the output itself", () => {
    const templates = [list(ref(1), ref(1)), object({ x: ref(1, ["a"]) }), ref(1)];
    const scope = scopeWith(...templates);
    const stored = kept(scope, 1) as ReturnType<typeof output>;
    expect(holds(scope, 1)).toBe(3);
    const [first, second] = templates.slice(0, 2).map((template) => assembler(template, 0)(scope, 0, 0)) as [unknown[], { x: unknown }];
    expect(holds(scope, 1)).toBe(1);
    expect(first).toEqual([output(), output()]);
    expect(new Set([stored, ...first]).size).toBe(3);
    expect(second.x).not.toBe(stored.a);
    expect(assembler(templates[2] as Template, 0)(scope, 0, 0)).toBe(stored);
    expect(kept(scope, 1)).toBe(undefined);
  });

  test("reads what stands around a map, and keeps it for the other elements", () => {
    const body: NodeDraft = {
      kind: NODE_TASK,
      name: "body",
      input: object({ item: ref(0), outer: ref(1, ["a"], 1), at: index(), atOuter: index(1) }),
    };
    const graph = graphOf([
      {
        nodes: [
          { kind: NODE_TASK, name: "made" },
          { kind: NODE_EXPAND_MAP, name: "map", waits: [1], extra: 1, partner: 2, input: ref(1) },
        ],
      },
      { nodes: [body] },
    ]);
    const scope = rootScope(graph);
    scope.memory.put(1, output(), Number.POSITIVE_INFINITY);
    const inner = localSpace.open(scope, 2, new RegionShape(graph, 1, 2, 0), ["x", "y"]) as Scope;
    const made = [0, 1].map((element) => assembler(body.input as Template, 1)(inner, element, inner.shape.baseOf(element) + 1)) as {
      outer: unknown;
    }[];
    expect(made).toEqual(["x", "y"].map((item, at) => ({ item, outer: output().a, at, atOuter: 0 })));
    expect(made[0]?.outer).not.toBe(made[1]?.outer);
    expect(kept(scope, 1)).toEqual(output());
    expect(holds(inner, 0)).toBe(0);
  });
});

describe("holdingAssembler", () => {
  test("gives the same, as copies, and keeps every hold", () => {
    const template = list(ref(1), ref(1), ref(1, ["c"]));
    const scope = scopeWith(template);
    const stored = kept(scope, 1);
    for (let time = 0; time < 3; time++) {
      const made = holdingAssembler(template, 0)(scope, 0, 0) as unknown[];
      expect(made).toEqual([output(), output(), "text"]);
      expect(made.includes(stored)).toBe(false);
      expect(holds(scope, 1)).toBe(1);
    }
    expect(assembler(template, 0)(scope, 0, 0)).toEqual([output(), output(), "text"]);
    expect(kept(scope, 1)).toBe(undefined);
  });
});
