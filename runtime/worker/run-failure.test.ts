import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DataFlowerError } from "../../actors/kernel/errors.js";
import { Later, never, type SimulatedContext } from "../../actors/workflow/simulated-ports.fixture.js";
import { keptOutputs, SimulatedWorker } from "../../actors/workflow/simulated-worker.fixture.js";
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
        worker.submit(loadDag(dag, handler, results, { defaults: { retry: 1 } }), undefined);
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
      loadWorkflow((flow) => [1, 2, 3].map((value) => flow.task(throwing, value, { name: `t${value}`, retry: 1 }))),
      undefined,
    );
    const { task } = failureOf(worker);
    const ends = worker.executor.events.filter(({ kind }) => kind === "end");
    expect(task).toBe(ends[0]?.path);
    expect(worker.results.sent.length).toBe(1);
  });

  test("aborts what waits of its run, in every attempt, and gives the places back", () => {
    const worker = new SimulatedWorker({ random: seeded(7), concurrency: 3, overtaking: 0 });
    const boom = () => {
      throw new Error("boom");
    };
    const loaded = loadWorkflow((flow) => [
      flow.task(() => never, undefined, { name: "waits", timeout: Number.POSITIVE_INFINITY }),
      flow.task(() => new Later(false, 1), undefined, { name: "again", retry: { attempts: 2, delay: "1d", delayMax: "2d" } }),
      flow.task(
        boom,
        flow.task(() => new Later(true, 1), undefined, { name: "first" }),
        { name: "boom", retry: 1 },
      ),
    ]);
    const run = worker.submit(loaded, undefined);
    worker.submit(
      loadWorkflow((flow) => [1, 2, 3].map(() => flow.task(() => new Later(true, 1)))),
      undefined,
    );
    expect(worker.work().map((outcome) => outcome?.isOk)).toEqual([false, true]);
    expect(worker.executor.events.filter(({ kind, path }) => kind === "abort" && path === "waits").length).toBe(1);
    expect(worker.executor.events.filter(({ kind, runId, attempt }) => kind === "start" && runId === "run-0" && attempt > 1)).toEqual([]);
    expect(run.isOver).toBe(true);
    expect(worker.clock.nowMs()).toBeLessThan(24 * 3_600_000);
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

describe("a run that the control thread takes away", () => {
  test("starts and sends nothing any more, whatever of it waits", () => {
    fc.assert(
      fc.property(dags, fc.integer(), fc.integer({ min: 1, max: 6 }), fc.nat(30), (dag, seed, concurrency, when) => {
        const random = seeded(seed);
        const worker = new SimulatedWorker({ random, concurrency });
        const handler = (input: DagInput) => {
          const what = random();
          if (what < 0.2) throw new Error("again");
          if (what < 0.4) return never;
          return what < 0.6 ? new Later(true, outputOf(input)) : outputOf(input);
        };
        const retry = { attempts: 1000, delay: 30, backoff: "fixed" } as const;
        const run = worker.submit(loadDag(dag, handler, [], { defaults: { retry, timeout: 200 } }), undefined);
        const other = worker.submit(
          loadDag(dag, (input) => new Later(true, outputOf(input)), [...dag.keys()]),
          undefined,
        );
        let startedCount = 0;
        worker.executor.onStart = (task) => {
          expect(task.run.isOver).toBe(false);
          if (task.run === run && startedCount++ === when) worker.takeAway(run);
        };
        const outcomes = worker.work();
        const isTaken = startedCount > when && outcomes[0] === undefined;
        expect(worker.results.discarded.has(run)).toBe(startedCount > when);
        expect(worker.results.closed.has(run)).toBe(!isTaken);
        expect(outcomes[1]).toEqual({ runId: "run-1", isOk: true, value: expectedSums(dag) });
        expect(worker.results.closed.has(other)).toBe(true);
      }),
      { numRuns: 100 },
    );
  });
});

describe("what attempts leave to those after them", () => {
  test("is the newest heartbeat, and the attempts are numbered", () => {
    const seen: unknown[] = [];
    const handler = (_: unknown, { attempt, lastHeartbeat, heartbeat }: SimulatedContext) => {
      seen.push([attempt, lastHeartbeat]);
      if (attempt !== 2) heartbeat({ of: attempt });
      if (attempt === 1) return new Later(false, "no");
      if (attempt === 2) throw new Error("no");
      return attempt === 3 ? never : "done";
    };
    const worker = new SimulatedWorker({ random: seeded(1) });
    const untyped = handler as (input: unknown) => unknown; // every handler is given its context
    worker.submit(
      loadWorkflow((flow) => flow.task(untyped, 1, { retry: 9, timeout: 500 })),
      undefined,
    );
    expect(worker.work()).toEqual([{ runId: "run-0", isOk: true, value: "done" }]);
    expect(seen).toEqual([
      [1, undefined],
      [2, { of: 1 }],
      [3, { of: 1 }],
      [4, { of: 3 }],
    ]);
  });

  test("come after the delays that the options say", () => {
    const starts: number[] = [];
    const worker = new SimulatedWorker({ random: seeded(1) });
    const retry = { attempts: 6, delay: 100, delayMax: 500, jitter: false } as const;
    const fail = () => {
      starts.push(worker.clock.nowMs());
      throw new Error("no");
    };
    worker.submit(
      loadWorkflow((flow) => flow.task(fail, 1, { retry })),
      undefined,
    );
    expect(failureOf(worker).message).toMatch(/^Cannot finish fail after 6 attempts as its handler must return/);
    const delays = starts.slice(1).map((at, index) => at - (starts[index] as number));
    for (const [index, wanted] of [100, 200, 400, 500, 500].entries()) expect(delays[index]).toBeGreaterThanOrEqual(wanted);
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

  test.each([
    ["skip-dependents", "stop", true],
    ["skip-dependents", "continue", true],
    ["fail", "continue", false],
  ] as const)("leaves out what would go over no list, where failures do not stop the run: %s, %s", (onFailure, whenTaskFails, isOk) => {
    const worker = new SimulatedWorker({ random: seeded(1) });
    const loaded = loadWorkflow(
      (flow, input) => {
        const inner = (row: unknown) => ({ sums: flow.map(row, (cell) => flow.task(same, cell)), all: flow.reduce(row, (all) => all) });
        return flow.task(same, flow.map(input, inner), { name: "last" });
      },
      { defaults: { onFailure }, whenTaskFails },
    );
    const run = worker.submit(loaded, [[1, 2], 5, [], "no"]);
    const [outcome] = worker.work();
    const whole = [
      { sums: [1, 2], all: [1, 2] },
      { sums: [], all: [] },
    ];
    if (isOk) expect(outcome).toEqual({ runId: "run-0", isOk: true, value: whole });
    else expect(outcome).toMatchObject({ isOk: false, value: { code: "DF_TASK_FAILED", message: expect.stringContaining("need a list") } });
    expect(worker.executor.events.filter(({ kind, path }) => kind === "start" && path === "last").length).toBe(1);
    expect(keptOutputs(run)).toEqual(new Map());
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
