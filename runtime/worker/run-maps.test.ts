import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { LoadedWorkflow } from "../../actors/workflow/loaded-workflow.js";
import { mapWidthDefault } from "../../actors/workflow/region-shape.js";
import { Later, type TaskEvent } from "../../actors/workflow/simulated-ports.fixture.js";
import { SimulatedWorker } from "../../actors/workflow/simulated-worker.fixture.js";
import { seeded } from "../engine/fixtures/seeded.fixture.js";
import { loadWorkflow } from "./load-workflow.fixture.js";

function resultOf(workflow: LoadedWorkflow, input: unknown, worker = new SimulatedWorker({ random: seeded(1) })): unknown {
  worker.submit(workflow, input);
  const [outcome] = worker.work();
  if (outcome?.isOk !== true) throw new Error("the run should have succeeded", { cause: outcome?.value });
  return outcome.value;
}

const later = (value: unknown) => new Later(true, value);
const sum = ({ item, index }: { item: number; index: number }) => item + index;
const same = (value: unknown) => value;
const range = (count: number) => Array.from({ length: count }, (_, index) => index);

/** The most elements that were in progress at a time: from the start of an element's first task to the end of its last. */
function mostElements(events: readonly TaskEvent[], tasksPerElement: number, elementOf: (path: string) => string): number {
  const left = new Map<string, number>();
  let open = 0;
  let most = 0;
  for (const { kind, path } of events) {
    const element = elementOf(path);
    if (kind === "start") {
      if (!left.has(element)) open += 1;
      left.set(element, left.get(element) ?? tasksPerElement);
    } else {
      left.set(element, (left.get(element) as number) - 1);
      if (left.get(element) === 0) open -= 1;
    }
    most = Math.max(most, open);
  }
  return most;
}

const limits = [fc.integer({ min: 1, max: 5 }), fc.nat(20), fc.integer({ min: 1, max: 12 }), fc.integer()] as const;

describe("flow.map with a limit", () => {
  test("has no more elements in progress than it says, and as many where they all wait", () => {
    const first = ({ item }: { item: number }) => later(item + 1);
    const second = (value: number) => value * 2;
    const third = ({ value, index }: { value: number; index: number }) => later(value + index);
    fc.assert(
      fc.property(...limits, (limit, count, concurrency, seed) => {
        const worker = new SimulatedWorker({ random: seeded(seed), concurrency, overtaking: seed % 2 === 0 ? 0 : 0.3 });
        const loaded = loadWorkflow((flow, input) => {
          const body = (item: unknown, index: unknown) => flow.task(third, { value: flow.task(second, flow.task(first, { item })), index });
          return flow.map(input, body, { concurrency: limit });
        });
        expect(resultOf(loaded, range(count), worker)).toEqual(range(count).map((item) => (item + 1) * 2 + item));
        const most = mostElements(worker.executor.events, 3, (path) => path.slice(path.indexOf("[")));
        expect(most).toBeLessThanOrEqual(limit);
        if (seed % 2 === 0 && ![0, 1, 2].some((handler) => loaded.isBlocking(handler)))
          expect(most).toBeGreaterThanOrEqual(Math.min(limit, concurrency, count));
      }),
      { numRuns: 80 },
    );
  });

  test("counts the elements of each list by themselves where maps are nested", () => {
    const leaf = ({ sum }: { sum: number }) => later(sum);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 }), fc.integer(), (outer, inner, seed) => {
        const lists = [[1, 2, 3, 4], [], [5], [6, 7, 8, 9, 10], [11, 12]];
        const worker = new SimulatedWorker({ random: seeded(seed), concurrency: 20 });
        const loaded = loadWorkflow((flow, input) => {
          const row = (list: unknown, at: unknown) => flow.map(list, (item) => flow.task(leaf, { sum: item, at }), { concurrency: inner });
          return flow.map(input, row, { concurrency: outer });
        });
        expect(resultOf(loaded, lists, worker)).toEqual(lists);
        const { events } = worker.executor;
        const row = (path: string) => (/\[\d+\]/.exec(path) as RegExpExecArray)[0];
        for (const [index, { length }] of lists.entries()) {
          const ofRow = events.filter(({ path }) => row(path) === `[${index}]`);
          expect(mostElements(ofRow, 1, (path) => path)).toBeLessThanOrEqual(Math.min(inner, length));
        }
        expect(mostElements(events, 1, (path) => path)).toBeLessThanOrEqual(outer * inner);
      }),
      { numRuns: 50 },
    );
  });

  test("goes on past elements that end without a task of their own", () => {
    const loaded = loadWorkflow((flow, input) => {
      const body = (list: unknown) => flow.map(list, (item) => flow.task((value: number) => later(value + 1), item));
      return flow.map(input, body, { concurrency: 2 });
    });
    const lists = range(40).map((index) => (index % 3 === 0 ? [index] : []));
    expect(resultOf(loaded, lists)).toEqual(lists.map((list) => list.map((item) => item + 1)));
  });
});

describe("flow.map", () => {
  test("without a limit, a long list goes through in parts", () => {
    const worker = new SimulatedWorker({ random: seeded(3), concurrency: 2 });
    const count = mapWidthDefault + 1000;
    const loaded = loadWorkflow((flow, input) => flow.map(input, (item, index) => flow.task(sum, { item, index })));
    expect(resultOf(loaded, range(count), worker)).toEqual(range(count).map((index) => 2 * index));
  });

  test("a very long list of elements that end at once does not exhaust the stack", () => {
    const count = 100_000;
    const loaded = loadWorkflow((flow, input) => {
      const rows = flow.map(input, (list) => flow.map(list, (item) => flow.task(same, item)));
      return flow.task((all: unknown[]) => all.length, rows);
    });
    expect(resultOf(loaded, Array(count).fill([]))).toBe(count);
  });

  test("a very long chain of maps without tasks does not exhaust the stack", () => {
    const loaded = loadWorkflow((flow, input) => {
      let list = input;
      for (let link = 0; link < 5000; link++) list = flow.map(list, (item) => item);
      return [list, flow.task(same, 1)];
    });
    expect(resultOf(loaded, [7, 8])).toEqual([[7, 8], 1]);
  });

  test("with a body that adds no task it is plain data, even when the list is empty", () => {
    const loaded = loadWorkflow((flow, input) => {
      const names = flow.map(input.people, (person, index) => ({ name: person.name, index }));
      return { names, none: flow.map([], (item) => item), count: flow.task((list: unknown[]) => list.length, names) };
    });
    const people = [{ name: "Ada" }, { name: "Grace" }, {}];
    expect(resultOf(loaded, { people })).toEqual({
      names: [
        { name: "Ada", index: 0 },
        { name: "Grace", index: 1 },
        { name: undefined, index: 2 },
      ],
      none: [],
      count: 3,
    });
  });

  test("elements that are one object to the list's producer are not one to the tasks", () => {
    const twice = () => {
      const item = { seen: 0 };
      return [item, item, item];
    };
    const see = (item: { seen: number }) => {
      item.seen += 1;
      return item.seen;
    };
    const loaded = loadWorkflow((flow) => flow.map(flow.task(twice), (item) => flow.task(see, item)));
    expect(resultOf(loaded, undefined)).toEqual([1, 1, 1]);
  });

  test("names tasks by their positions in all lists around them, outermost first", () => {
    const worker = new SimulatedWorker({ random: seeded(1) });
    const first = (values: unknown[]) => values[0];
    const loaded = loadWorkflow((flow, input) => {
      flow.task(same, 1, { name: "top" });
      flow.reduce([1, 2, 3], first, { name: "sum", arity: 2 });
      return flow.map(input, (row) => {
        flow.task(same, row, { name: "row" });
        flow.reduce(row, first, { name: "total", arity: 2 });
        return flow.map(row, (cell) => flow.task(same, cell, { name: "cell" }));
      });
    });
    resultOf(loaded, [[1, 2], [3]], worker);
    const started = worker.executor.events.filter(({ kind }) => kind === "start").map(({ path }) => path);
    const rows = ["row[0]", "row[1]", "total[0][0]", "total[1][0]", "cell[0][0]", "cell[0][1]", "cell[1][0]"];
    expect(started.sort()).toEqual(["top", "sum[0]", "sum[1]", "sum[2]", ...rows].sort());
  });
});

describe("flow.reduce", () => {
  test("of 0 to 40 items calls by groups of neighbours, level by level, and keeps their order", () => {
    for (let arity = 2; arity <= 5; arity++) {
      const calls: number[] = [];
      const join = (values: string[]) => {
        calls.push(values.length);
        return later(`(${values.join(" ")})`);
      };
      const loaded = loadWorkflow((flow, input) => flow.reduce(input, join, { arity }));
      for (let count = 0; count <= 40; count++) {
        calls.length = 0;
        const items = range(count).map(String);
        const worker = new SimulatedWorker({ random: seeded(count), concurrency: 7 });
        const expected = levelByLevel(items, arity);
        expect(resultOf(loaded, items, worker)).toBe(expected.value);
        expect(calls.length).toBe(expected.calls);
        expect(Math.max(...calls)).toBeLessThanOrEqual(arity);
      }
    }
  });
});

function levelByLevel(items: string[], arity: number): { value: string; calls: number } {
  let level = items;
  let calls = 0;
  do {
    const groups: string[] = [];
    for (let from = 0; from < Math.max(1, level.length); from += arity) groups.push(`(${level.slice(from, from + arity).join(" ")})`);
    calls += groups.length;
    level = groups;
  } while (level.length > 1);
  return { value: level[0] as string, calls };
}
