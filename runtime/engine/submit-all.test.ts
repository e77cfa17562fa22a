import { describe, expect, test } from "vitest";
import { RunRecord } from "./run.js";
import { type Settled, submitAll } from "./submit-all.js";

/** Accepts inputs as runs that end when the test says so. */
class Desk {
  readonly runs: RunRecord[] = [];
  readonly inputs: number[] = [];
  underWay = 0;
  mostUnderWay = 0;

  readonly accept = (input: number): RunRecord => {
    const order = this.runs.length + 1;
    const run = new RunRecord({
      ownId: undefined,
      idPrefix: "run-",
      workflow: "w",
      workflowId: 1,
      order,
      submittedAt: 0,
      priority: 0,
      deadline: Number.NaN,
      input: new Uint8Array([input]),
      cancel: () => {},
      listTasks: async () => [],
    });
    this.inputs.push(input);
    this.runs.push(run);
    this.underWay += 1;
    this.mostUnderWay = Math.max(this.mostUnderWay, this.underWay);
    run.whenEnded(() => {
      this.underWay -= 1;
    });
    return run;
  };

  /** Ends the run of an input a little later. */
  readonly acceptAndEnd = (input: number): RunRecord => {
    const run = this.accept(input);
    setTimeout(() => run.end("completed", input * 10, 0), input % 3);
    return run;
  };
}

const inputs = (count: number) => Array.from({ length: count }, (_, index) => index);
const turn = () => new Promise((resolve) => setImmediate(resolve));

async function* later(values: readonly number[]): AsyncGenerator<number> {
  for (const value of values) {
    await turn();
    yield value;
  }
}

async function collect<Out>(all: AsyncIterable<Settled<Out>>): Promise<Settled<Out>[]> {
  const collected: Settled<Out>[] = [];
  for await (const settled of all) collected.push(settled);
  return collected;
}

describe.each<[string, (count: number) => Iterable<number> | AsyncIterable<number>]>([
  ["a list", inputs],
  ["a generator", (count) => inputs(count).values()],
  ["an asynchronous generator", (count) => later(inputs(count))],
])("submitAll() of %s", (_, source) => {
  test.each([1, 3, 100])("gives every run once and never has more than %i under way", async (inFlight) => {
    const desk = new Desk();
    const all = await collect(submitAll<number, number>({ accept: desk.acceptAndEnd, inputs: source(20), inFlight }));
    const byIndex = all.sort((a, b) => a.index - b.index);
    expect(byIndex).toEqual(inputs(20).map((index) => ({ index, runId: `run-${index + 1}`, status: "completed", output: index * 10 })));
    expect(desk.mostUnderWay).toBeLessThanOrEqual(inFlight);
    if (inFlight === 3) expect(desk.mostUnderWay).toBe(3);
  });

  test("of nothing gives nothing", async () => {
    expect(await collect(submitAll({ accept: new Desk().accept, inputs: source(0), inFlight: 5 }))).toEqual([]);
  });

  test("counts runs that have ended and were not read yet: a slow reader holds back what is submitted", async () => {
    const desk = new Desk();
    const all = submitAll<number, number>({ accept: desk.acceptAndEnd, inputs: source(20), inFlight: 4 });
    await all.next();
    for (let again = 0; again < 50; again++) await turn();
    expect(desk.inputs.length).toBeLessThanOrEqual(5);
    await all.return();
  });

  test("submits no more once the reader has stopped", async () => {
    const desk = new Desk();
    for await (const { index } of submitAll<number, number>({ accept: desk.acceptAndEnd, inputs: source(100), inFlight: 2 }))
      if (index >= 3) break;
    const submitted = desk.inputs.length;
    expect(submitted).toBeLessThan(10);
    for (let again = 0; again < 20; again++) await turn();
    expect(desk.inputs).toHaveLength(submitted);
  });
});

describe("submitAll()", () => {
  test("gives runs in the order in which they end", async () => {
    const desk = new Desk();
    const all = submitAll<number, string>({ accept: desk.accept, inputs: inputs(3), inFlight: 3 });
    const first = all.next();
    desk.runs[2]?.end("completed", "last first", 0);
    expect((await first).value).toMatchObject({ index: 2, output: "last first" });
    const second = all.next();
    desk.runs[0]?.end("completed", "then this", 0);
    expect((await second).value).toMatchObject({ index: 0 });
    await all.return();
  });

  test("gives failed and refused runs as values and goes on", async () => {
    const desk = new Desk();
    const accept = (input: number): RunRecord | Promise<RunRecord> => {
      if (input === 0) throw new TypeError("refused at once");
      if (input === 1) return Promise.reject(new RangeError("refused later"));
      if (input === 2) return Promise.reject("no error at all");
      const run = desk.accept(input);
      setImmediate(() => (input === 3 ? run.end("failed", new Error("failed"), 0) : run.end("completed", "fine", 0)));
      return input === 4 ? Promise.resolve(run) : run;
    };
    const all = (await collect(submitAll({ accept, inputs: inputs(6), inFlight: 2 }))).sort((a, b) => a.index - b.index);
    expect(all).toEqual([
      { index: 0, runId: "", status: "failed", error: new TypeError("refused at once") },
      { index: 1, runId: "", status: "failed", error: new RangeError("refused later") },
      { index: 2, runId: "", status: "failed", error: new Error("no error at all") },
      { index: 3, runId: "run-1", status: "failed", error: new Error("failed") },
      { index: 4, runId: "run-2", status: "completed", output: "fine" },
      { index: 5, runId: "run-3", status: "completed", output: "fine" },
    ]);
  });

  test("gives a run that has ended while the next input is awaited: an input may depend on it", async () => {
    const desk = new Desk();
    const given: unknown[] = [];
    async function* dependent(): AsyncGenerator<number> {
      yield 1;
      while (given.length === 0) await turn();
      yield 2;
    }
    for await (const settled of submitAll<number, number>({ accept: desk.acceptAndEnd, inputs: dependent(), inFlight: 10 }))
      given.push(settled.index);
    expect(given).toEqual([0, 1]);
  });

  test("ends its source when the reader stops, be it in the middle of making an input", async () => {
    const ends: string[] = [];
    function* counted(): Generator<number> {
      try {
        yield* inputs(100);
      } finally {
        ends.push("list");
      }
    }
    async function* endless(): AsyncGenerator<number> {
      yield 1;
      await new Promise(() => {});
    }
    for await (const _ of submitAll<number, number>({ accept: new Desk().acceptAndEnd, inputs: counted(), inFlight: 2 })) break;
    for await (const _ of submitAll<number, number>({ accept: new Desk().acceptAndEnd, inputs: endless(), inFlight: 2 })) break;
    expect(ends).toEqual(["list"]);
  });

  test("submits nothing that its source makes after the reader has stopped", async () => {
    const desk = new Desk();
    const asked: ((next: IteratorResult<number>) => void)[] = [];
    const source: AsyncIterable<number> = {
      [Symbol.asyncIterator]: () => ({ next: () => new Promise((resolve) => void asked.push(resolve)) }),
    };
    setImmediate(() => asked[0]?.({ value: 0 }));
    for await (const _ of submitAll<number, number>({ accept: desk.acceptAndEnd, inputs: source, inFlight: 2 })) break;
    expect(asked).toHaveLength(2);
    asked[1]?.({ value: 1 });
    await turn();
    expect(desk.inputs).toEqual([0]);
  });

  test.each<[string, () => Iterable<number> | AsyncIterable<number>]>([
    [
      "at once",
      function* () {
        yield 1;
        throw new Error("source broke");
      },
    ],
    [
      "later",
      async function* () {
        yield 1;
        await turn();
        throw new Error("source broke");
      },
    ],
  ])("throws what its source throws, %s", async (_, source) => {
    await expect(collect(submitAll<number, number>({ accept: new Desk().acceptAndEnd, inputs: source(), inFlight: 5 }))).rejects.toThrow(
      "source broke",
    );
  });

  test("submits no more when its signal aborts, and gives what was under way", async () => {
    const desk = new Desk();
    const abort = new AbortController();
    const all = submitAll<number, number>({ accept: desk.accept, inputs: inputs(10), inFlight: 3, signal: abort.signal });
    const first = all.next();
    abort.abort();
    for (const run of desk.runs) run.end("cancelled", new Error("cancelled"), 0);
    expect((await first).value).toMatchObject({ index: 0, status: "cancelled" });
    expect(await collect(all)).toMatchObject([
      { index: 1, status: "cancelled" },
      { index: 2, status: "cancelled" },
    ]);
    expect(desk.inputs).toEqual([0, 1, 2]);
  });

  test("ends when its signal aborts while an input is awaited that never comes", async () => {
    const abort = new AbortController();
    const never: AsyncIterable<number> = { [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => {}) }) };
    const all = submitAll<number, number>({ accept: new Desk().accept, inputs: never, inFlight: 3, signal: abort.signal });
    const first = all.next();
    await turn();
    abort.abort();
    expect(await first).toEqual({ value: undefined, done: true });
  });
});
