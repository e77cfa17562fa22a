import { DataFlower, DataFlowerError, type Engine, type Run } from "dataflower";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type * as ErrorCodec from "../codec/error-codec.js";
import { built, builtUrl } from "./fixtures/built.fixture.js";
import type * as Failures from "./fixtures/failures.fixture.js";
import { failure } from "./fixtures/outcome.fixture.js";

const failures = await built<typeof Failures>("failures");
const { alone, shared, fine, recovering, thrown } = failures;
// The compiled one, which knows the errors of the package.
const { dataToError, errorToData }: typeof ErrorCodec = await import(builtUrl("runtime/codec/error-codec"));

/** What a cause shows to a program, apart from stacks: they tell of the thread that threw. */
function shape(thrown: unknown): unknown {
  if (!(thrown instanceof Error)) return thrown;
  const { notKept, ...fields } = thrown as Error & { notKept?: readonly string[] };
  return {
    class: thrown.constructor.name,
    name: thrown.name,
    message: thrown.message,
    fields,
    notKept: notKept?.map((note) => note.replace(/\d+/g, "n")),
    cause: shape(thrown.cause),
    errors: thrown instanceof AggregateError ? thrown.errors.map(shape) : undefined,
  };
}

/** The cause that the documentation of the error codec promises for what was thrown. */
function promisedCause(what: string): unknown {
  const failed = new DataFlowerError("DF_TASK_FAILED", "", { cause: thrown[what]?.(), task: "fail", attempts: 1, runId: "r" });
  return (dataToError(errorToData(failed)) as Error).cause;
}

async function rejection(run: Run<unknown>): Promise<Error & { code?: unknown; task?: unknown; attempts?: unknown; runId?: unknown }> {
  try {
    return new Error(`completed: ${String(await run.result())}`);
  } catch (error) {
    return error as Error; // its class is part of what is checked
  }
}

describe.each([0, 1, 2])("with %i workers", (workers) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await DataFlower.start({ workers, store: "memory:", workflows: [alone, shared, fine, recovering] });
  });
  afterAll(() => engine.close());

  test("whatever is thrown, wherever it is thrown: the run fails alike and no other run is touched", async () => {
    let crossings = 0;
    for (const what of Object.keys(thrown)) {
      const messages = new Set<string>();
      const places = [
        { task: "fail", submit: (isLate: boolean) => engine.submit(alone, { what, isLate }) },
        { task: "fail[0]", submit: (isLate: boolean) => engine.submit(shared, { what, isLate, at: 0 }) },
        { task: "fail[1]", submit: (isLate: boolean) => engine.submit(shared, { what, isLate, at: 1 }) },
      ];
      for (const { task, submit } of places) {
        for (const isLate of [false, true]) {
          const [run, other] = await Promise.all([submit(isLate), engine.submit(fine, undefined)]);
          const error = await rejection(run);
          const facts = { name: error.name, code: error.code, task: error.task, attempts: error.attempts, runId: error.runId };
          expect(facts, what).toEqual({ name: "DataFlowerError", code: "DF_TASK_FAILED", task, attempts: 1, runId: run.id });
          expect("cause" in error).toBe(true);
          expect(shape(error.cause), what).toEqual(shape(promisedCause(what)));
          messages.add(error.message.replace(task, "TASK"));
          expect(await other.result()).toBe(2);
          if (task === "fail[1]") crossings += (await run.summary()).tasksByWorker.filter((tasks) => tasks > 0).length - 1;
        }
      }
      expect([...messages], what).toEqual([expect.stringMatching(/^Cannot finish TASK as its handler must return: it threw /)]);
    }
    expect(crossings > 0).toBe(workers > 1);
  });

  test.each([0, 1])("task %i of four beside each other is tried three times, wherever it is executed", async (at) => {
    const attempts = (goodFrom: number) => [0, 1, 2, 3].map((index) => (index === at ? goodFrom : 1));
    let crossings = 0;
    for (const goodFrom of [1, 2, 3]) {
      const run = await engine.submit(recovering, { at, goodFrom });
      expect(await run.result()).toEqual(attempts(goodFrom));
      crossings += (await run.summary()).tasksByWorker.filter((tasks) => tasks > 0).length - 1;
    }
    expect(crossings > 0).toBe(workers > 1);
    const error = await rejection(await engine.submit(recovering, { at, goodFrom: 4 }));
    expect(error).toMatchObject({ code: "DF_TASK_FAILED", task: `fail[${at}]`, attempts: 3, cause: { message: "attempt 3" } });
    expect(error.message).toContain(`Cannot finish fail[${at}] after 3 attempts as its handler must return: it threw Error: attempt 3`);
  });

  test("paths of tasks name the position in every map around them", async () => {
    const failed = (task: string) => ({ code: "DF_TASK_FAILED", task, attempts: 1 });
    for (let again = 0; again < 3; again++) {
      expect(await failure(() => engine.run(failures.nested, undefined))).toEqual(failed("cell[1][2]"));
      expect(await failure(() => engine.run(failures.tree, undefined))).toEqual(failed("merge[1]"));
    }
  });

  test("a thenable counts by its first answer, and one that throws has failed", async () => {
    expect(await engine.run(failures.settledTwice, undefined)).toEqual([1, 2]);
    expect(await failure(() => engine.run(failures.tornThenable, undefined))).toEqual({
      code: "DF_TASK_FAILED",
      task: "tornThen",
      attempts: 1,
    });
    expect(await engine.run(fine, undefined)).toBe(2);
  });
});
