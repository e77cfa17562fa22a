import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DataFlowerError } from "../../actors/kernel/errors.js";
import { Later } from "../../actors/workflow/simulated-ports.fixture.js";
import { SimulatedWorker } from "../../actors/workflow/simulated-worker.fixture.js";
import { seeded } from "../engine/fixtures/seeded.fixture.js";
import { loadWorkflow } from "./load-workflow.fixture.js";
import { type DagInput, dags, expectedSums, loadDag, nameOf, outputOf } from "./random-dag.fixture.js";

const same = (value: unknown) => value;

/** The error that ended a worker's first run. */
function failureOf(worker: SimulatedWorker): DataFlowerError {
  const [outcome] = worker.work();
  expect(outcome?.isOk).toBe(false);
  expect(outcome?.value).toBeInstanceOf(DataFlowerError);
  return outcome?.value as DataFlowerError;
}

function failureIn(build: Parameters<typeof loadWorkflow>[0], input?: unknown): DataFlowerError {
  const worker = new SimulatedWorker({ random: seeded(1) });
  worker.submit(loadWorkflow(build), input);
  return failureOf(worker);
}

describe("a task that fails", () => {
  const settings = [dags, fc.nat(), fc.integer(), fc.integer({ min: 1, max: 6 }), fc.constantFrom(0, 0.3, 1)] as const;

  test("ends its run with its path and cause, starts nothing further of it, and leaves other runs alone", () => {
    fc.assert(
      fc.property(...settings, (dag, which, seed, concurrency, laterShare) => {
        const random = seeded(seed);
        const bad = which % dag.length;
        const cause = new RangeError("too bad");
        const handler = (input: DagInput) => {
          if (input.position !== bad) return random() < laterShare ? new Later(true, outputOf(input)) : outputOf(input);
          if (random() < laterShare) return new Later(false, cause);
          throw cause;
        };
        const good = (input: DagInput) => (random() < laterShare ? new Later(true, outputOf(input)) : outputOf(input));
        const worker = new SimulatedWorker({ random, concurrency });
        const results = [...dag.keys()];
        worker.submit(loadDag(dag, handler, results), undefined);
        worker.submit(loadDag(dag, good, results), undefined);
        worker.executor.onStart = ({ run }) => expect(run.isOver).toBe(false);
        const [failed, succeeded] = worker.work();
        expect(failed).toMatchObject({
          isOk: false,
          value: {
            code: "DF_TASK_FAILED",
            task: nameOf(bad),
            attempts: 1,
            runId: "run-0",
            cause,
            message: expect.stringContaining("too bad"),
          },
        });
        expect(succeeded).toEqual({ runId: "run-1", isOk: true, value: expectedSums(dag) });
        expect(worker.results.sent.length).toBe(2);
        expect(worker.system.deadLetters.count).toBe(0);
      }),
      { numRuns: 150 },
    );
  });

  test("gives its place back: later runs have the worker's whole concurrency", () => {
    const worker = new SimulatedWorker({ random: seeded(5), concurrency: 3 });
    const fail = ({ wait }: { wait: boolean }) => {
      if (wait) return new Later(true, 0);
      throw new Error("now");
    };
    const failing = loadWorkflow((flow) => [true, true, false, true].map((wait) => flow.task(fail, { wait })));
    for (let count = 0; count < 5; count++) worker.submit(failing, undefined);
    let most = 0;
    const waiting = loadWorkflow((flow) => Array.from({ length: 9 }, () => flow.task(() => new Later(true, 1))));
    worker.submit(waiting, undefined);
    worker.executor.onStart = ({ runId }) => {
      if (runId === "run-5") most = Math.max(most, worker.executor.pendingCount + 1);
    };
    expect(worker.work().map((outcome) => outcome?.isOk)).toEqual([false, false, false, false, false, true]);
    expect(most).toBe(3);
  });

  test("of two failures the first one counts", () => {
    const throwing = (value: number) => new Later(false, new Error(`from ${value}`));
    const worker = new SimulatedWorker({ random: seeded(2) });
    worker.submit(
      loadWorkflow((flow) => [1, 2, 3].map((value) => flow.task(throwing, value, { name: `t${value}` }))),
      undefined,
    );
    const { task } = failureOf(worker);
    const ends = worker.executor.events.filter(({ kind }) => kind === "end");
    expect(ends.length).toBe(3);
    expect(task).toBe(ends[0]?.path);
    expect(worker.results.sent.length).toBe(1);
  });

  test.each<[string, unknown]>([
    ["undefined", undefined],
    ["null", null],
    ["a string", "just words"],
    ["a symbol", Symbol("odd")],
    ["an object without a prototype", Object.create(null)],
    [
      "an error whose message throws",
      Object.defineProperty(new Error(), "message", {
        get: () => {
          throw new Error("no");
        },
      }),
    ],
  ])("may throw %s", (_, thrown) => {
    const failure = failureIn((flow) =>
      flow.task(
        () => {
          throw thrown;
        },
        undefined,
        { name: "odd" },
      ),
    );
    expect(failure).toMatchObject({ code: "DF_TASK_FAILED", task: "odd" });
    expect(failure.cause).toBe(thrown);
  });

  test("is named with its positions in lists", () => {
    const check = (value: number) => {
      if (value === 4) throw new Error("four");
      return value;
    };
    const failure = failureIn(
      (flow, input) => flow.map(input, (row) => flow.map(row, (cell) => flow.task(check, cell))),
      [[1], [2, 3], [0, 4]],
    );
    expect(failure.task).toBe("check[2][1]");
  });
});

describe("an output that breaks a rule", () => {
  test("is refused where it is made: too large", () => {
    const repeat = (length: number) => "x".repeat(length);
    for (const isRead of [true, false]) {
      const worker = new SimulatedWorker({ random: seeded(1), outputBytesMax: 2000 });
      const loaded = loadWorkflow((flow, input) => {
        const made = flow.task(repeat, input, { name: "make" });
        return isRead ? made : flow.task(() => 1);
      });
      for (const length of [5000, 1000]) worker.submit(loaded, length);
      const [large, small] = worker.work();
      expect(large).toMatchObject({ isOk: false, value: { code: "DF_RESULT_TOO_LARGE", task: "make", runId: "run-0" } });
      expect(small?.isOk).toBe(true);
    }
  });

  test.each([
    ["returned", () => ({ fine: 1, bad: () => {} })],
    ["given later", () => new Later(true, { fine: 1, bad: () => {} })],
  ])("is refused where it is made: not data, %s", (_, handler) => {
    for (const isRead of [true, false]) {
      const failure = failureIn((flow) => {
        const made = flow.task(handler, undefined, { name: "make" });
        return isRead ? made : flow.task(() => 1);
      });
      expect(failure).toMatchObject({ code: "DF_UNSERIALIZABLE", task: "make", attempts: 1, runId: "run-0" });
      expect(failure.message).toContain("bad");
    }
  });

  test.each([
    ["null", null],
    ["undefined", undefined],
    ["a string", "abc"],
    ["an object with a length", { length: 3 }],
  ])("is refused where a list is needed: %s", (_, value) => {
    const give = () => value;
    const mapped = failureIn((flow) => flow.map(flow.task(give), (item) => flow.task(same, item), { name: "each" }));
    expect(mapped).toMatchObject({ code: "DF_TASK_FAILED", task: "each" });
    expect(mapped.message).toContain("need a list");
    const reduced = failureIn((flow) => flow.reduce(flow.task(give), () => 1, { name: "all", arity: 2 }));
    expect(reduced).toMatchObject({ code: "DF_TASK_FAILED", task: expect.stringContaining("all") });
  });

  test("is refused where the input is no list, before any task starts", () => {
    const worker = new SimulatedWorker({ random: seeded(1) });
    worker.submit(
      loadWorkflow((flow, input) => flow.map(input.list, (item) => flow.task(same, item))),
      { list: 5 },
    );
    expect(failureOf(worker).code).toBe("DF_TASK_FAILED");
    expect(worker.executor.events).toEqual([]);
  });
});
