import { describe, expect, test } from "vitest";
import { RunRecord } from "./run.js";
import { endedBytesMax, endedRunsMax, endedUnnamedRunsMax, RunBook } from "./run-book.js";

const idPrefix = "r1-";

function record(order: number, ownId?: string, input = new Uint8Array([order]), workflow = "w"): RunRecord {
  return new RunRecord({
    ownId,
    idPrefix,
    workflow,
    workflowId: 1,
    order,
    submittedAt: 0,
    priority: 0,
    deadline: Number.NaN,
    input,
    cancel: () => {},
    listTasks: async () => [],
  });
}

function end(book: RunBook, run: RunRecord, bodyBytes = 0): void {
  run.end("completed", order(run), 0, { startedAt: 0, endedAt: 0, tasks: [], workUs: [], bodyBytes });
  book.ended(run);
}

const order = (run: RunRecord) => run.order;

describe("RunBook", () => {
  test("finds runs under way and ended ones, by their own id or by the one that the engine gave", () => {
    const book = new RunBook(idPrefix);
    const runs = [record(1), record(2, "mine"), record(3)];
    for (const run of runs) book.add(run);
    const known = () => ["r1-1", "mine", "r1-3"].map((id) => book.get(id));
    expect(known()).toEqual(runs);
    for (const run of runs) end(book, run);
    expect(known()).toEqual(runs);
    expect(["r1-2", "r1-4", "r1-x", "r2-1", "r1-", "1", ""].map((id) => book.get(id))).toEqual(new Array(7).fill(undefined));
  });

  test("an id is one run: the same input is the same run, another input or workflow is refused", () => {
    const book = new RunBook(idPrefix);
    const run = record(1, "mine", new Uint8Array([1, 2]));
    expect(book.same("mine", "w", new Uint8Array([1, 2]))).toBeUndefined();
    book.add(run);
    expect(book.same("mine", "w", new Uint8Array([1, 2]))).toBe(run);
    for (const [workflow, input] of [
      ["w", [1, 3]],
      ["w", [1]],
      ["v", [1, 2]],
    ] as const) {
      expect(() => book.same("mine", workflow, new Uint8Array(input))).toThrow(
        expect.objectContaining({ code: "DF_RUN_CONFLICT", runId: "mine" }),
      );
    }
  });

  test.each([
    { whose: "of their own", max: endedRunsMax, nameOf: (run: number) => `mine-${run}` as string | undefined },
    { whose: "given by the engine", max: endedUnnamedRunsMax, nameOf: () => undefined },
  ])(
    "forgets the runs, with ids $whose, that ended longest ago when there are more than $max, and never one under way",
    ({ max, nameOf }) => {
      const book = new RunBook(idPrefix);
      const make = (run: number) => record(run, nameOf(run));
      const live = [make(1), make(2), make(3)];
      for (const run of live) book.add(run);
      const others = Array.from({ length: max + 2 }, (_, index) => make(index + 4));
      for (const run of others) {
        book.add(run);
        end(book, run);
      }
      expect(live.map(({ id }) => book.get(id))).toEqual(live);
      expect(others.filter(({ id }) => book.get(id) === undefined)).toEqual(others.slice(0, 2));
      const again = make(4);
      book.add(again); // the name is free again
      expect(book.get(again.id)).toBe(again);
      for (const run of live) end(book, run);
      expect(live.map(({ id }) => book.get(id))).toEqual(live);
    },
  );

  test("forgets the runs that ended longest ago when their inputs and results are too large", () => {
    const book = new RunBook(idPrefix);
    const runs = [1, 2, 3, 4].map((next) => record(next));
    for (const run of runs) {
      book.add(run);
      end(book, run, endedBytesMax / 3);
    }
    expect(runs.map(({ id }) => book.get(id)?.order)).toEqual([undefined, undefined, 3, 4]);
    const huge = record(5);
    book.add(huge);
    end(book, huge, endedBytesMax + 1);
    expect([...runs, huge].map(({ id }) => book.get(id))).toEqual(new Array(5).fill(undefined));
  });
});
