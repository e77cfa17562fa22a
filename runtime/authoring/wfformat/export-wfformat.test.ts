import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { LoadedWorkflow } from "../../../actors/workflow/loaded-workflow.js";
import { Later } from "../../../actors/workflow/simulated-ports.fixture.js";
import { seeded } from "../../engine/fixtures/seeded.fixture.js";
import type { TaskRecord } from "../../observe/task-record.js";
import { loadProgram } from "../../worker/load-program.fixture.js";
import { type AnyFlow, type AnyRef, loadWorkflow } from "../../worker/load-workflow.fixture.js";
import { dags, loadDag, nameOf, outputOf } from "../../worker/random-dag.fixture.js";
import { type Handlers, programs } from "../../worker/random-program.fixture.js";
import { executedRun } from "./executed-run.fixture.js";
import { type ExportFacts, exportWfFormat } from "./export-wfformat.js";
import { hasPublishedSchema, schemaFaults, warnWithoutSchema } from "./published-schema.fixture.js";
import { pathOfWfId } from "./wf-id.js";

const facts: ExportFacts = {
  name: "simulated",
  submittedAt: new Date("2026-03-01T10:00:00.000Z"),
  createdAt: new Date("2026-03-01T11:00:00.000Z"),
  version: "9.9.9",
  machine: { nodeName: "localhost", system: "linux", cpu: { coreCount: 2 } },
};

/** As much of a document as these tests look at. */
interface Document {
  readonly workflow: {
    readonly specification: { readonly tasks: readonly Specified[] };
    readonly execution: { readonly makespanInSeconds: number; readonly executedAt: string; readonly tasks: readonly Executed[] };
  };
}
interface Specified {
  readonly id: string;
  readonly name: string;
  readonly parents: readonly string[];
  readonly children: readonly string[];
}
interface Executed {
  readonly id: string;
  readonly runtimeInSeconds: number;
  readonly executedAt: string;
}

const exported = (workflow: LoadedWorkflow, records: readonly TaskRecord[]) => exportWfFormat(workflow.graph, records, facts) as Document; // what this test is about

const specifiedIn = ({ workflow }: Document) => workflow.specification.tasks;

/** Sorted parents by path, as paths. */
const parentsIn = (document: Document) =>
  Object.fromEntries(specifiedIn(document).map(({ id, parents }) => [pathOfWfId(id), parents.map(pathOfWfId).sort()]));

warnWithoutSchema("export-wfformat.test.ts: exports by the schema");

/** What must hold of any run's export, whatever was executed. */
function check(workflow: LoadedWorkflow, records: readonly TaskRecord[]): Document {
  const document = exported(workflow, records);
  expect(schemaFaults(document)).toBe(null);
  const tasks = new Map(specifiedIn(document).map((task) => [task.id, task]));
  expect(tasks.size).toBe(specifiedIn(document).length);
  expect([...tasks.keys()].map(pathOfWfId).sort()).toEqual([...new Set(records.map(({ path }) => path))].sort());
  expect(document.workflow.execution.tasks.map(({ id }) => id)).toEqual([...tasks.keys()]);
  const last = new Map(records.map((record) => [record.path, record])); // of each path the last attempt stays
  const seen = new Set<string>();
  for (const { id, parents, children } of tasks.values()) {
    expect(new Set(parents).size).toBe(parents.length);
    for (const parent of parents) {
      expect(seen).toContain(parent); // parents stand in front, so there is no way round
      expect(tasks.get(parent)?.children).toContain(id);
      const { endedAt } = last.get(pathOfWfId(parent)) as TaskRecord;
      expect(endedAt).toBeLessThanOrEqual((last.get(pathOfWfId(id)) as TaskRecord).startedAt);
    }
    for (const child of children) expect(tasks.get(child)?.parents).toContain(id);
    seen.add(id);
  }
  return document;
}

/** Whether one task stands somewhere behind another. */
function isBehind(parents: Record<string, readonly string[]>, path: string, other: string): boolean {
  const open = [path];
  const seen = new Set(open);
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    for (const parent of parents[at] as readonly string[]) {
      if (parent === other) return true;
      if (!seen.has(parent)) open.push(parent);
      seen.add(parent);
    }
  }
  return false;
}

/** Handlers whose outputs tell, in every field, which task they came from; the inputs of each task tell what it read. */
class Tracing {
  readonly reads = new Map<string, Set<string>>();
  path = "";
  readonly #random: () => number;
  readonly #failing: number;

  constructor(random: () => number, failing: number) {
    this.#random = random;
    this.#failing = failing;
  }

  get handlers(): Handlers {
    return {
      make: ({ of, count }) =>
        this.#end(of, { hash: `@${this.path}`, list: Array.from({ length: count }, () => ({ hash: `@${this.path}` })) }),
      merge: (values) => this.#end(values, { hash: `@${this.path}` }),
    };
  }

  #end(input: unknown, output: unknown): unknown {
    const sources = JSON.stringify(input).matchAll(/@([^"]+)/g);
    this.reads.set(this.path, new Set(Array.from(sources, ([, source]) => source as string)));
    if (this.#random() < this.#failing) throw new Error("by chance");
    return this.#random() < 0.3 ? new Later(true, output) : output;
  }
}

describe("exportWfFormat()", () => {
  test("writes the edges of a workflow of plain tasks, and no others", () => {
    fc.assert(
      fc.property(dags, fc.integer(), (dag, seed) => {
        const workflow = loadDag(dag, outputOf, [dag.length - 1]);
        const { records } = executedRun(workflow, undefined, seed);
        const written = dag.map(({ reads, after }, own) => [nameOf(own), [...new Set([...reads, ...after])].map(nameOf).sort()]);
        expect(parentsIn(check(workflow, records))).toEqual(Object.fromEntries(written));
      }),
      { numRuns: 40 },
    );
  });

  test.each([0, 0.2])("puts every task behind those whose outputs it read, of which %d fail", (failing) => {
    let edges = 0;
    fc.assert(
      fc.property(programs, fc.integer(), fc.constantFrom("skip-dependents", "fail"), (program, seed, onFailure) => {
        const tracing = new Tracing(seeded(seed + 1), failing);
        const defaults = { retry: { attempts: 2, delay: 5 }, onFailure } as const;
        const workflow = loadProgram(program, tracing.handlers, { defaults, whenTaskFails: "continue" });
        const input = { hash: 1, list: [{ hash: 2, list: [3] }, 4, 5] };
        const { records, ended } = executedRun(workflow, input, seed, (path) => {
          tracing.path = path;
        });
        expect(records.map(({ path, attempt }) => `${path} ${attempt}`).sort()).toEqual(ended);
        const parents = parentsIn(check(workflow, records));
        for (const [path, sources] of tracing.reads) {
          for (const source of sources) expect([path, source, isBehind(parents, path, source)]).toEqual([path, source, true]);
          edges += sources.size;
        }
      }),
      { numRuns: 60 },
    );
    expect(edges).toBeGreaterThan(300);
  });

  /** Sorted parents of each task of a workflow that was executed. */
  function parentsOf(build: (flow: AnyFlow, input: AnyRef) => unknown, input: unknown): Record<string, readonly string[]> {
    const workflow = loadWorkflow(build);
    return parentsIn(check(workflow, executedRun(workflow, input, 1).records));
  }
  const task = (flow: AnyFlow, name: string, inputs: unknown) => flow.task((given: unknown) => [given, given, given], inputs, { name });
  const merge = (flow: AnyFlow, list: unknown) => flow.reduce(list, () => 0, { name: "merge", arity: 2 });

  test("joins elements, trees and what stands around them", () => {
    const build = (flow: AnyFlow) => {
      const list = task(flow, "list", 1);
      const outer = task(flow, "outer", 1);
      const mapped = flow.map(list, (item) => task(flow, "last", [task(flow, "first", item), outer]));
      return task(flow, "end", [mapped, merge(flow, mapped)]);
    };
    const lasts = ["last[0]", "last[1]", "last[2]"];
    expect(parentsOf(build, undefined)).toEqual({
      list: [],
      outer: [],
      ...Object.fromEntries([0, 1, 2].map((at) => [`first[${at}]`, ["list", "outer"]])),
      ...Object.fromEntries(lasts.map((path, at) => [path, [`first[${at}]`]])),
      "merge[0]": lasts,
      "merge[1]": lasts,
      "merge[2]": ["merge[0]", "merge[1]"],
      end: [...lasts, "merge[2]"],
    });
  });

  test("joins tasks across what executed nothing", () => {
    const build = (flow: AnyFlow, input: AnyRef) => {
      const first = task(flow, "first", 1);
      const none = flow.map(input, (item) => task(flow, "never", [item, first]));
      return [task(flow, "end", none), merge(flow, none)];
    };
    expect(parentsOf(build, [])).toEqual({ first: [], end: ["first"], "merge[0]": ["first"] });
  });

  test("counts what an element gives away among its last tasks", () => {
    const build = (flow: AnyFlow) => {
      const mapped = flow.map([1], (item) => {
        const given = task(flow, "given", item);
        task(flow, "behind", given);
        return given;
      });
      return task(flow, "end", mapped);
    };
    expect(parentsOf(build, undefined)).toEqual({ "given[0]": [], "behind[0]": ["given[0]"], end: ["behind[0]", "given[0]"] });
  });

  const one = loadWorkflow((flow) => flow.task(function scale() {}, 1, { cpus: 0.5, name: "own" }));
  const attempt = { path: "own", name: "own", attempt: 1, worker: 1, startedAt: 500, endedAt: 750, outcome: "failed" } as const;

  test("says when, for how long and on what a task was executed: the last time", () => {
    const document = exported(one, [attempt, { ...attempt, attempt: 2, worker: 0, startedAt: 1500, endedAt: 3500, outcome: "returned" }]);
    expect(document).toEqual({
      name: "simulated",
      createdAt: "2026-03-01T11:00:00.000Z",
      schemaVersion: "1.5",
      runtimeSystem: { name: "DataFlower", version: "9.9.9" },
      workflow: {
        specification: { tasks: [{ name: "own", id: "own", parents: [], children: [] }] },
        execution: {
          makespanInSeconds: 3,
          executedAt: "2026-03-01T10:00:00.500Z",
          tasks: [
            {
              id: "own",
              runtimeInSeconds: 2,
              executedAt: "2026-03-01T10:00:01.500Z",
              command: { program: one.graph.label(1) },
              coreCount: 1,
              machines: ["localhost"],
            },
          ],
          machines: [facts.machine],
        },
      },
    });
  });

  test("refuses a run that executed nothing", () => {
    expect(() => exported(one, [])).toThrow(expect.objectContaining({ code: "DF_SPEC_INVALID" }));
  });

  test.each([
    ["edges", 2300, 1],
    ["bytes", 1000, 128],
  ])("refuses a run with more %s than a file may have", (what, count, nameLength) => {
    const names = ["a", "b"].map((letter) => letter.repeat(nameLength)) as [string, string];
    const square = loadWorkflow((flow, input) =>
      flow.map(
        flow.map(input, (item) => task(flow, names[0], item)),
        (item) => task(flow, names[1], item),
      ),
    );
    const records = names.flatMap((name) =>
      Array.from({ length: count }, (_, at): TaskRecord => ({ ...attempt, name, path: `${name}[${at}]` })),
    );
    const refusal = { code: "DF_RESULT_TOO_LARGE", message: expect.stringContaining(` ${what}: found `) };
    expect(() => exported(square, records)).toThrow(expect.objectContaining(refusal));
  });

  test.skipIf(!hasPublishedSchema)("is judged by a schema that refuses what is wrong", () => {
    expect(schemaFaults(exported(one, [attempt]))).toBe(null);
    expect(schemaFaults({ ...exported(one, [attempt]), schemaVersion: "1.4" })).not.toBe(null);
  });
});
