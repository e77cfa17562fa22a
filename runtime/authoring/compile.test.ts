import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { mapDepthMax } from "./building/flow-builder.js";
import { compile } from "./compile.js";
import { openGraph } from "./topology.js";
import { type WorkflowOptions, workflow } from "./workflow.js";

// Builders here do what the types refuse, as builders in JavaScript may.
// biome-ignore lint/suspicious/noExplicitAny: see above
type Build = (flow: any, input: any) => unknown;

const define = (build: Build, options: Partial<WorkflowOptions<unknown, unknown>> = {}) =>
  workflow({ name: "w", module: import.meta.url, ...options }, build);
const graphOf = (build: Build, options = {}) => openGraph(compile(define(build, options)).topology);

const one = () => 1;
const double = (n: number) => 2 * n;
const sum = (numbers: number[]) => numbers.reduce((a, b) => a + b, 0);

describe("compile", () => {
  test("runs the builder once and hands on what engines need", () => {
    let calls = 0;
    const input = z.object({ n: z.number() });
    const options = { input, defaults: { retry: 1 }, whenTaskFails: "continue" } as const;
    const compiled = compile(
      workflow({ name: "w", module: import.meta.url, ...options }, (flow, given) => flow.task(double, given.n, { priority: ++calls })),
    );
    expect(calls).toBe(1);
    expect(compiled).toMatchObject({
      name: "w",
      source: { kind: "workflow", module: import.meta.url, handlerNames: ["double"] },
      handlers: [double],
      inputSchema: input,
    });
    expect(compiled).toMatchObject({ whenTaskFails: "continue", hash: expect.stringMatching(/^[0-9a-f]{64}$/) });
  });

  test("merges defaults into every task and shares equal options", () => {
    const graph = graphOf(
      (flow) => {
        for (let i = 0; i < 3; i++) flow.task(one, undefined, { timeout: "1m", retry: { delay: 5 } });
        flow.task(one);
        flow.reduce([1], sum, { arity: 4, cpus: 2 });
      },
      { defaults: { priority: 7, retry: 2 } },
    );
    expect(graph.options(1)).toMatchObject({ timeoutMs: 60_000, delayMs: 5, attempts: 2, priority: 7 });
    expect(graph.option[1]).toBe(graph.option[3]);
    expect(graph.options(4)).toMatchObject({ timeoutMs: 300_000, attempts: 2, priority: 7 });
    expect(graph.options(5)).toMatchObject({ cpus: 2 });
    expect(graph.options(6)).toBe(graph.options(5));
  });

  test("takes what inputs are at the time of the call", () => {
    const inputs = { list: [1] };
    const graph = graphOf((flow) => {
      flow.task(one, inputs);
      inputs.list.push(2);
    });
    expect(graph.template(1)).toEqual({ kind: "constant", value: { list: [1] } });
  });

  test("keeps every kind of data in inputs, results and fallbacks", () => {
    const data = {
      map: new Map([["a", new Set([1n])]]),
      at: new Date(5),
      bytes: new Uint8Array([1, 2]),
      none: undefined,
      deep: [[null, Number.NaN]],
    };
    const graph = graphOf((flow) => [flow.task(one, { data }, { fallback: data }), data]);
    expect(graph.template(1)).toEqual({ kind: "constant", value: { data } });
    expect(graph.options(1).fallback).toEqual({ value: data });
    expect(graph.result(0)).toMatchObject({ kind: "list", items: [{ kind: "ref" }, { kind: "constant", value: data }] });
  });
});

describe("names", () => {
  const names = (build: Build) => {
    const graph = graphOf(build);
    return Array.from({ length: graph.nodeCount }, (_, node) => graph.name(node));
  };

  test("come from handlers, are numbered where they repeat, and are unique in the whole workflow", () => {
    const build: Build = (flow, input) => [
      flow.task(double, 1),
      flow.task(() => 1),
      flow.map(input, (n: unknown) => flow.task(double, n)),
      flow.reduce([], sum),
    ];
    expect(names(build)).toEqual(["input", "double", "task", "map", "map:gather", "sum", "sum:gather", "item", "double-2"]);
  });

  test("are given by options, on tasks, maps and reduces", () => {
    const build: Build = (flow) => [
      flow.task(double, 1, { name: "a" }),
      flow.map([], (n: unknown) => n, { name: "b" }),
      flow.reduce([], sum, { name: "c" }),
    ];
    expect(names(build)).toEqual(["input", "a", "b", "b:gather", "c", "c:gather", "item"]);
  });
});

describe("hash", () => {
  const folder = mkdtempSync(join(tmpdir(), "dataflower-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  const module = pathToFileURL(join(folder, "module.js")).href;
  const base: Build = (flow, input) => flow.task(double, input.n);
  const hash = (build: Build, options = {}) => compile(define(build, { module, ...options })).hash;

  test("is the same for the same workflow, wherever its module lies", () => {
    expect(hash(base)).toBe(hash((flow, input) => flow.task(double, input.n)));
    expect(hash(base)).toBe(hash(base, { module: pathToFileURL(join(folder, "elsewhere.js")).href }));
  });

  test.each<[string, Build, object]>([
    ["a name", (flow, input) => flow.task(double, input.n, { name: "x" }), {}],
    ["an option", (flow, input) => flow.task(double, input.n, { retry: 1 }), {}],
    ["a default", base, { defaults: { retry: 1 } }],
    ["a path", (flow, input) => flow.task(double, input.m), {}],
    ["a constant", (flow) => flow.task(double, 2), {}],
    ["the workflow's name", base, { name: "v" }],
    ["whenTaskFails", base, { whenTaskFails: "continue" }],
    ["a handler's name", (flow, input) => flow.task(sum, input.n, { name: "double" }), {}],
    ["the result", (flow, input) => [flow.task(double, input.n)], {}],
  ])("changes with %s", (_, build, options) => {
    expect(hash(build, options)).not.toBe(hash(base));
  });

  test("changes with the bytes of the module", () => {
    const without = hash(base);
    writeFileSync(join(folder, "module.js"), "1");
    const first = hash(base);
    writeFileSync(join(folder, "module.js"), "2");
    expect(new Set([without, first, hash(base)]).size).toBe(3);
  });
});

describe("a wrong graph is refused", () => {
  let leaked: unknown;
  let leakedFlow: { task(handler: unknown): unknown } | undefined;
  compile(
    define((flow, input) => {
      leaked = input;
      leakedFlow = flow;
      return flow.task(one);
    }),
  );

  test.each<[string, Build, string, string | RegExp]>([
    ["no task", () => 1, "DF_SPEC_INVALID", "at least one task"],
    ["a map that holds no task", (flow, input) => flow.map(input, (n: unknown) => n), "DF_SPEC_INVALID", "at least one task"],
    ["an async builder", async (flow) => flow.task(one), "DF_SPEC_INVALID", "the builder of workflow w must not be async"],
    ["a builder that rejects", async () => Promise.reject(new Error("unseen")), "DF_SPEC_INVALID", "must not be async"],
    ["a builder that returns a function", (flow) => () => flow.task(one), "DF_SPEC_INVALID", "found a function"],
    [
      "an async body",
      (flow, input) => flow.map(input, async (n: unknown) => flow.task(double, n)),
      "DF_SPEC_INVALID",
      "the body of map must not be async",
    ],
    [
      "a body that returns a function",
      (flow, input) => flow.map(input, () => one),
      "DF_SPEC_INVALID",
      "the body of map must return a ref or data",
    ],
    ["a body that is no function", (flow, input) => flow.map(input, 1), "DF_SPEC_INVALID", "body must be a function: found 1"],
    ["a body that is a ref", (flow, input) => flow.map([1], input), "DF_SPEC_INVALID", "body must be a function: found [Ref input]"],
    ["a handler that is no function", (flow) => flow.task("double", 1), "DF_SPEC_INVALID", 'found "double"'],
    ["a handler that is a ref", (flow, input) => flow.task(input.f), "DF_SPEC_INVALID", "found [Ref input.f]"],
    [
      "a merger that is no function",
      (flow) => flow.reduce([1], undefined),
      "DF_SPEC_INVALID",
      "flow.reduce must be a function: found undefined",
    ],
    ["a list that is none", (flow) => flow.map({ length: 1 }, one), "DF_SPEC_INVALID", "map.list as it must be a list"],
    [
      "a position as a list",
      (flow) => flow.map([1], (_: unknown, i: unknown) => flow.reduce(i, sum)),
      "DF_SPEC_INVALID",
      "sum.list as it must be a list",
    ],
    [
      "a name given twice",
      (flow) => [flow.task(one, 1, { name: "a" }), flow.task(one, 1, { name: "a" })],
      "DF_SPEC_INVALID",
      'found "a" again',
    ],
    [
      "a name given twice in two bodies",
      (flow) => [1, 2].map(() => flow.map([1], () => flow.task(one, 1, { name: "a" }))),
      "DF_SPEC_INVALID",
      'found "a" again',
    ],
    ["an illegal name", (flow) => flow.task(one, 1, { name: "a b" }), "DF_SPEC_INVALID", 'found "a b"'],
    ["a reserved name", (flow) => flow.task(one, 1, { name: "constructor" }), "DF_SPEC_INVALID", 'found "constructor"'],
    [
      "a ref of another workflow",
      (flow) => flow.task(one, { a: [leaked] }),
      "DF_SPEC_INVALID",
      "one.inputs.a[0] as refs belong to the builder call that made them: found ref input of another workflow",
    ],
    ["a ref of another workflow in after", (flow) => flow.task(one, 1, { after: [leaked] }), "DF_SPEC_INVALID", "one.after[0]"],
    ["an option that is unknown", (flow) => flow.task(one, 1, { retires: 3 }), "DF_OPTION_INVALID", "one.retires"],
    [
      "an option out of range",
      (flow) => flow.task(one, 1, { name: "x", retry: { attempts: -1 } }),
      "DF_OPTION_INVALID",
      "x.retry.attempts",
    ],
    [
      "a ref as an option",
      (flow, input) => flow.task(one, 1, { priority: input.n }),
      "DF_OPTION_INVALID",
      "one.priority as it must be an integer from -1,000,000,000 to 1,000,000,000: found [Ref input.n]",
    ],
    [
      "a ref as a fallback",
      (flow, input) => flow.task(one, 1, { fallback: [input] }),
      "DF_OPTION_INVALID",
      'one.fallback as it must be data: found "ref input"',
    ],
    [
      "after that is no list",
      (flow, input) => flow.task(one, 1, { after: input }),
      "DF_OPTION_INVALID",
      "one.after as it must be a list of refs",
    ],
    [
      "after with data",
      (flow) => flow.task(one, 1, { after: [1] }),
      "DF_OPTION_INVALID",
      "one.after[0] as it must be a ref of a task's output: found 1",
    ],
    ["a function in inputs", (flow) => flow.task(one, { a: { b: [one] } }), "DF_UNSERIALIZABLE", "one.inputs.a.b[0]"],
    ["a function beside a ref", (flow, input) => flow.task(one, { a: input, b: { c: one } }), "DF_UNSERIALIZABLE", "one.inputs.b.c"],
    [
      "an instance with a ref",
      (flow, input) =>
        flow.task(one, {
          a: new URL("http://x"),
          b: new (class {
            ref = input;
          })(),
        }),
      "DF_UNSERIALIZABLE",
      "one.inputs.a",
    ],
    ["a ref in a map", (flow, input) => flow.task(one, new Map([["a", input]])), "DF_UNSERIALIZABLE", "one.inputs.values()[0]"],
    ["a hole beside a ref", (flow, input) => flow.task(one, Object.assign([input], { length: 3 })), "DF_UNSERIALIZABLE", "one.inputs["],
    ["a key __proto__ beside a ref", (flow, input) => flow.task(one, protoKey(input)), "DF_UNSERIALIZABLE", "one.inputs"],
    ["a symbol as a fallback", (flow) => flow.task(one, 1, { fallback: Symbol("x") }), "DF_UNSERIALIZABLE", "one.fallback"],
    ["inputs that hold themselves", (flow, input) => flow.task(one, knotted(input)), "DF_UNSERIALIZABLE", "one.inputs.self"],
    ["a result that is not data", (flow) => [flow.task(one), Symbol("x")], "DF_UNSERIALIZABLE", "result[1]"],
    [
      "a result of a body that is not data",
      (flow) => flow.map([1], () => ({ a: flow.task(one), b: new WeakMap() })),
      "DF_UNSERIALIZABLE",
      "map.result.b",
    ],
    ["text of a ref", (flow, input) => flow.task(one, `${input.url}/x`), "DF_REF_USED_AS_VALUE", "found ref input.url"],
  ])("%s", (_, build, code, message) => {
    expect(() => compile(define(build))).toThrow(expect.objectContaining({ code, message: expect.stringContaining(message as string) }));
  });

  test("what a body makes is refused outside of it", () => {
    let inner: unknown;
    const build: Build = (flow) => {
      flow.map([1], (item: unknown) => {
        inner = flow.task(double, item);
      });
      return flow.task(double, inner);
    };
    expect(() => compile(define(build))).toThrow(
      expect.objectContaining({ code: "DF_SPEC_INVALID", message: expect.stringContaining("double.inputs") }),
    );
  });

  test("a flow is refused once its builder has returned", () => {
    expect(() => leakedFlow?.task(one)).toThrow(
      expect.objectContaining({ code: "DF_SPEC_INVALID", message: expect.stringContaining("complete") }),
    );
  });

  test("maps may be nested so deep, and no deeper", () => {
    const nested = (depth: number): Build => {
      const within = (flow: Parameters<Build>[0], list: unknown, left: number): unknown =>
        left === 0 ? flow.reduce(list, sum) : flow.map(list, (item: unknown) => within(flow, item, left - 1));
      return (flow, input) => within(flow, input, depth);
    };
    expect(compile(define(nested(mapDepthMax)))).toMatchObject({ source: { handlerNames: ["sum"] } });
    expect(() => compile(define(nested(mapDepthMax + 1)))).toThrow(
      expect.objectContaining({ code: "DF_SPEC_INVALID", message: expect.stringContaining(`nested ${mapDepthMax} deep`) }),
    );
    expect(mapDepthMax).toBe(8);
  });

  test("a body that threw is not forgotten when the builder catches it", () => {
    const build: Build = (flow) => {
      flow.task(one);
      try {
        flow.map([1], () => {
          throw new RangeError("in the body");
        });
      } catch {}
    };
    expect(() => compile(define(build))).toThrow(RangeError);
  });

  test("what a builder throws is thrown", () => {
    const thrown = new Error("mine");
    const build: Build = () => {
      throw thrown;
    };
    expect(() => compile(define(build))).toThrow(thrown);
  });

  test("what is no workflow", () => {
    expect(() => compile({ name: "w" } as never)).toThrow(expect.objectContaining({ code: "DF_SPEC_INVALID" }));
  });
});

function knotted(ref: unknown): object {
  const knot: Record<string, unknown> = { ref };
  knot.self = knot;
  return knot;
}

function protoKey(ref: unknown): object {
  return Object.defineProperty({ ref }, "__proto__", { value: 1, enumerable: true });
}
