import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type Graph,
  NODE_EXPAND_MAP,
  NODE_EXPAND_REDUCE,
  NODE_GATHER,
  NODE_PARAM,
  NODE_TASK,
  type Template,
} from "../../actors/workflow/graph.js";
import type { UntypedFlow } from "./building/untyped-flow.js";
import { compile } from "./compile.js";
import { regionOf } from "./region-of.js";
import { openGraph } from "./topology.js";
import { workflow } from "./workflow.js";

const handler = (value: unknown) => value;

/** A program that writes a graph: each step uses values that can be seen where it stands. */
interface Step {
  readonly op: "task" | "map" | "reduce";
  /** Which of the values that can be seen; taken modulo their number. */
  readonly uses: readonly number[];
  readonly after: readonly number[];
  readonly body: readonly Step[];
  readonly result: readonly number[];
}

const picks = fc.array(fc.nat(1000), { maxLength: 4 });
const { steps } = fc.letrec<{ steps: Step[]; step: Step }>((tie) => ({
  steps: fc.array(tie("step"), { maxLength: 7, depthIdentifier: "body" }),
  step: fc.record({
    op: fc.constantFrom("task" as const, "task" as const, "map" as const, "reduce" as const),
    uses: picks,
    after: picks,
    body: fc.oneof({ maxDepth: 3, depthIdentifier: "body" }, fc.constant([]), tie("steps")),
    result: picks,
  }),
}));

/** The same graph written down the obvious way: sets of places, per region. */
class ModelRegion {
  readonly around: ModelRegion | undefined;
  readonly kinds: number[] = [NODE_PARAM];
  readonly reads: Set<number>[] = [new Set()];
  readonly waits: Set<number>[] = [new Set()];
  readonly resultReads = new Set<number>();
  /** What the body reads of, and waits for in, the region around. */
  readonly captured = new Set<number>();
  readonly awaited = new Set<number>();

  constructor(around?: ModelRegion) {
    this.around = around;
  }

  add(kind: number): number {
    this.reads.push(new Set());
    this.waits.push(new Set());
    return this.kinds.push(kind) - 1;
  }

  /** @param own collects places of this region; @param outer says which set of which region around collects the others */
  use(seen: Seen, own: Set<number>, outer: "captured" | "awaited"): void {
    if (seen.region === this) own.add(seen.place);
    else this.childTowards(seen.region)[outer].add(seen.place);
  }

  childTowards(region: ModelRegion): ModelRegion {
    return this.around === region ? this : this.around!.childTowards(region);
  }

  upTo(region: ModelRegion): number {
    return region === this ? 0 : 1 + this.around!.upTo(region);
  }
}

/** A value that can be seen: the ref, and where the model has it. */
interface Seen {
  readonly ref: unknown;
  readonly region: ModelRegion;
  readonly place: number;
}

class Interpreter {
  readonly regions: ModelRegion[] = [];
  readonly templates = new Map<string, Template>();
  readonly #flow: UntypedFlow;

  constructor(flow: UntypedFlow) {
    this.#flow = flow;
  }

  region(
    steps: readonly Step[],
    visible: readonly Seen[],
    result: readonly number[],
    ref: unknown,
    around?: ModelRegion,
  ): { region: ModelRegion; result: unknown } {
    const region = new ModelRegion(around);
    this.regions.push(region);
    const seen = [...visible, { ref, region, place: 0 }];
    for (const step of steps) seen.push(this.step(step, region, seen));
    const used = result.map((pick) => seen[pick % seen.length]!);
    for (const one of used) region.use(one, region.resultReads, "captured");
    this.templates.set(`result ${this.regions.indexOf(region)}`, this.template(used, region));
    return { region, result: used.map((one) => one.ref) };
  }

  step(step: Step, region: ModelRegion, seen: readonly Seen[]): Seen {
    const used = step.uses.map((pick) => seen[pick % seen.length]!);
    const after = step.op === "map" ? [] : step.after.map((pick) => seen[pick % seen.length]!);
    const place = region.add({ task: NODE_TASK, map: NODE_EXPAND_MAP, reduce: NODE_EXPAND_REDUCE }[step.op]);
    for (const one of used) region.use(one, region.reads[place]!, "captured");
    for (const one of used) region.use(one, region.waits[place]!, "captured");
    for (const one of after) region.use(one, region.waits[place]!, "awaited");
    this.templates.set(`${this.regions.indexOf(region)} ${place}`, this.template(used, region));
    const inputs = used.map((one) => one.ref);
    const options = { after: after.map((one) => one.ref) };
    if (step.op === "task") return { ref: this.#flow.task(handler, inputs, options), region, place };
    const gather = region.add(NODE_GATHER);
    if (step.op === "reduce") return { ref: this.#flow.reduce(inputs, handler, options), region, place: gather };
    const ref = this.#flow.map(inputs, (item: unknown) => {
      const body = this.region(step.body, seen, step.result, item, region);
      for (const one of body.region.captured) region.reads[gather]!.add(one);
      for (const one of [...body.region.captured, ...body.region.awaited]) region.waits[place]!.add(one);
      return body.result;
    });
    return { ref, region, place: gather };
  }

  template(used: readonly Seen[], region: ModelRegion): Template {
    if (used.length === 0) return { kind: "constant", value: [] };
    return { kind: "list", items: used.map((one) => ({ kind: "ref", up: region.upTo(one.region), place: one.place, path: [] })) };
  }
}

/** A graph has at least one. */
const aTask: Step = { op: "task", uses: [], after: [], body: [], result: [] };

function written(program: readonly Step[], result: readonly number[]): { graph: Graph; model: Interpreter } {
  let model: Interpreter | undefined;
  const compiled = compile(
    workflow({ name: "random", module: import.meta.url }, (flow, input) => {
      model = new Interpreter(flow as unknown as UntypedFlow);
      return model.region([aTask, ...program], [], result, input).result;
    }),
  );
  return { graph: openGraph(compiled.topology), model: model! };
}

const sorted = (places: Iterable<number>) => [...places].sort((a, b) => a - b);
const row = (first: Int32Array, items: Int32Array, at: number) => sorted(items.subarray(first[at], first[at + 1]));

const withoutParam = (places: ReadonlySet<number>) => [...places].filter((place) => place !== 0);

describe("a compiled graph, opened", () => {
  const everyNode = (check: (graph: Graph, node: number, region: ModelRegion, place: number, model: Interpreter) => void) =>
    fc.assert(
      fc.property(steps, picks, (program, result) => {
        const { graph, model } = written(program, result);
        expect(graph.regionCount).toBe(model.regions.length);
        expect(graph.nodeCount).toBe(model.regions.reduce((count, { kinds }) => count + kinds.length, 0));
        model.regions.forEach((region, number) => {
          region.kinds.forEach((_, place) => {
            check(graph, graph.first[number]! + place, region, place, model);
          });
        });
      }),
      { numRuns: 40 },
    );

  test("has the nodes that were written, with maps and reduces in two parts", () => {
    everyNode((graph, node, region, place, model) => {
      expect(graph.kind[node]).toBe(region.kinds[place]);
      const partner =
        { [NODE_GATHER]: place - 1, [NODE_EXPAND_MAP]: place + 1, [NODE_EXPAND_REDUCE]: place + 1 }[region.kinds[place]!] ?? -1;
      expect(graph.partner[node]).toBe(partner);
      expect(graph.handler[node]).toBe([NODE_TASK, NODE_EXPAND_REDUCE].includes(region.kinds[place]!) ? 0 : -1);
      if (region.kinds[place] === NODE_EXPAND_MAP) expect(model.regions[graph.extra[node]!]!.around).toBe(region);
      expect(regionOf(graph, node)).toBe(model.regions.indexOf(region));
    });
  });

  test("waits for every distinct producer once, the param apart", () => {
    everyNode((graph, node, region, place) => {
      expect(graph.missing[node]).toBe(region.kinds[place] === NODE_GATHER ? 1 : withoutParam(region.waits[place]!).length);
      const successors = place === 0 ? [] : region.waits.flatMap((waits, successor) => (waits.has(place) ? [successor] : []));
      expect(row(graph.successorFirst, graph.successor, node)).toEqual(successors);
      expect(successors.every((successor) => successor > place)).toBe(true);
    });
  });

  test("counts every reader of an output once, the region's result among them", () => {
    everyNode((graph, node, region, place) => {
      expect(row(graph.producerFirst, graph.producer, node)).toEqual(sorted(region.reads[place]!));
      const readers = region.reads.filter((reads) => reads.has(place)).length;
      expect(graph.readers[node]).toBe(readers + (region.resultReads.has(place) ? 1 : 0));
    });
  });

  test("gives inputs and results as they were written", () => {
    everyNode((graph, node, region, place, model) => {
      const number = model.regions.indexOf(region);
      expect(graph.template(node)).toEqual(model.templates.get(`${number} ${place}`) ?? { kind: "constant", value: undefined });
      expect(graph.result(number)).toEqual(model.templates.get(`result ${number}`));
      expect(sorted(graph.resultProducers(number))).toEqual(sorted(region.resultReads));
    });
  });

  test("names every node, and none like another of its region", () => {
    everyNode((graph, _, region, place, model) => {
      if (place > 0) return;
      const first = graph.first[model.regions.indexOf(region)]!;
      const names = region.kinds.map((_, at) => graph.name(first + at));
      expect(new Set(names).size).toBe(names.length);
      expect(names[0]).toBe(first === 0 ? "input" : "item");
    });
  });
});

describe("openGraph", () => {
  const define = (build: (flow: UntypedFlow, input: Record<string, unknown>) => unknown) =>
    openGraph(
      compile(workflow({ name: "w", module: import.meta.url }, (flow, input) => build(flow as unknown as UntypedFlow, input as never)))
        .topology,
    );

  test("knows paths, positions, widths and arities", () => {
    const graph = define((flow, input) => [
      flow.map(
        input.rows,
        (row: unknown, i: unknown) => flow.map([row], (cell: unknown, j: unknown) => flow.task(handler, { i, j, cell, rows: input.rows })),
        { concurrency: 3 },
      ),
      flow.reduce(input.rows, handler, { arity: 5 }),
    ]);
    expect(graph.template(1)).toEqual({ kind: "ref", up: 0, place: 0, path: ["rows"] });
    expect([graph.width[1], graph.extra[1], graph.extra[3]]).toEqual([3, 1, 5]);
    const cell = graph.first[2]! + 1;
    expect(graph.template(cell)).toEqual({
      kind: "object",
      keys: ["i", "j", "cell", "rows"],
      values: [
        { kind: "index", up: 1 },
        { kind: "index", up: 0 },
        { kind: "ref", up: 0, place: 0, path: [] },
        { kind: "ref", up: 2, place: 0, path: ["rows"] },
      ],
    });
  });

  test("nodes that are connected alike have one template, and each its own places", () => {
    const graph = define((flow, input) => {
      let before = [flow.task(handler, input), flow.task(handler, input)];
      for (let step = 0; step < 3; step++) before = before.map((ref) => flow.task(handler, { of: [ref, ref], as: "text" }));
      return flow.task(handler, { of: [before[0], before[0]], as: "text" });
    });
    const [, ...numbers] = graph.templateString;
    expect(new Set(numbers.slice(2)).size).toBe(1); // the last one reads the last but one, two places behind as well
    expect(new Set(numbers).size).toBe(3);
    for (let node = 3; node < graph.nodeCount; node++) {
      const ref = { kind: "ref", up: 0, place: node - 2, path: [] };
      const values = [{ kind: "list", items: [ref, ref] }, { kind: "constant", value: "text" }]; // biome-ignore format: one line
      expect(graph.template(node)).toEqual({ kind: "object", keys: ["of", "as"], values });
    }
  });

  test("decodes a template once", () => {
    const graph = define((flow, input) => flow.task(handler, input));
    expect(graph.template(1)).toBe(graph.template(1));
    expect(graph.options(1)).toBe(graph.options(1));
    expect(graph.result(0)).toBe(graph.result(0));
  });

  test("keeps templates of large graphs apart, of which it keeps only some", () => {
    const graph = define((flow) => {
      for (let i = 0; i < 40_000; i++) flow.task(handler, i);
    });
    for (const node of [1, 1 + (1 << 15), 1]) expect(graph.template(node)).toEqual({ kind: "constant", value: node - 1 });
    expect(graph.name(40_000)).toBe("handler-40000");
  });

  test("takes at most 80 bytes for a task that reads one other", () => {
    const { topology } = compile(
      workflow({ name: "chain", module: import.meta.url }, (flow, input) => {
        const untyped = flow as unknown as UntypedFlow;
        let last: unknown = input;
        for (let i = 0; i < 100_000; i++) last = untyped.task(handler, last);
        return last;
      }),
    );
    expect(topology.byteLength / 100_000).toBeLessThan(80);
  });

  test("opens from a structured clone, as another thread gets it", () => {
    const { topology } = compile(workflow({ name: "w", module: import.meta.url }, (flow) => flow.task(handler, { text: "größe" })));
    expect(openGraph(structuredClone(topology)).template(1)).toEqual({ kind: "constant", value: { text: "größe" } });
  });

  test.each([0, 4, 4096])("refuses %d bytes of something else", (bytes) => {
    expect(() => openGraph(new SharedArrayBuffer(bytes))).toThrow(expect.objectContaining({ code: "DF_FRAME_CORRUPT" }));
  });
});
