import { DataFlower, type Engine, type Run, type Settled } from "dataflower";
import { describe, expect, test } from "vitest";
import { built } from "./fixtures/built.fixture.js";
import type * as Hangs from "./fixtures/chaos-hangs.fixture.js";
import { outcome } from "./fixtures/outcome.fixture.js";
import type * as Plain from "./fixtures/plain.fixture.js";
import { untilIdle } from "./fixtures/usage.fixture.js";

const hangs = await built<typeof Hangs>("chaos-hangs");
const { holding } = await built<typeof Plain>("plain");
const { quick, expectedQuick, thrownKinds } = hangs;

/** How often each case is run: the misbehaving run, and all the others beside it. */
const repeats = Number(process.env.DF_FAULT_REPEATS ?? 2);
const othersCount = 1000;
const othersInFlight = 50;
/** Others that have been submitted before the misbehaving run is, and that are kept back until it has ended. */
const [othersBefore, othersAfter] = [200, 200];
/**
 * How late the end of a run may be seen behind its time-out, in ms. What is promised is judged when it is asked for, on a machine that
 * does nothing else; beside other tests it is only looked at whether runs end at all in reasonable time.
 */
const latenessMsMax = process.env.DF_FAULT_REPEATS === undefined ? 10_000 : 1000;

interface Case {
  readonly name: string;
  readonly submit: (engine: Engine) => Promise<Run<unknown>>;
  /** Longest time of an attempt, in ms; undefined: there is none, as something else ends it. */
  readonly timeoutMs: number | undefined;
  readonly ends: { readonly value: unknown } | { readonly code: string; readonly task: string; readonly cause?: unknown };
}

const hanging = [
  { workflow: hangs.loopForever, task: "spinForever" },
  { workflow: hangs.spinMicrotasks, task: "awaitResolved" },
  { workflow: hangs.waitForever, task: "waitUnrung" },
  { workflow: hangs.neverSettles, task: "neverSettle" },
  { workflow: hangs.catchesAll, task: "catchAndLoop" },
].map(
  ({ workflow, task }): Case => ({
    name: workflow.name,
    submit: (engine) => engine.submit<unknown, unknown>(workflow, undefined),
    timeoutMs: 300,
    ends: { code: "DF_TASK_TIMEOUT", task },
  }),
);

const throwing = (Object.keys(thrownKinds) as Hangs.ThrownKind[]).map(
  (kind): Case => ({
    name: `throws-value: ${kind}`,
    submit: (engine) => engine.submit(hangs.throwsValue, kind),
    timeoutMs: 300,
    ends: { code: "DF_TASK_FAILED", task: "throwKind", cause: thrownKinds[kind].cause },
  }),
);

const exiting = ([0, 1, 7] as const).map(
  (code): Case => ({
    name: `exits-thread: ${code}`,
    submit: (engine) => engine.submit(hangs.exitsThread, code),
    timeoutMs: 300,
    ends: { code: "DF_WORKER_LOST", task: "exit" },
  }),
);

const late = [0, 50].map(
  (afterMs): Case => ({
    name: `throws-late: after ${afterMs} ms`,
    submit: (engine) => engine.submit(hangs.throwsLate, afterMs),
    timeoutMs: 300,
    ends: { value: "returned" },
  }),
);

const cases: readonly Case[] = [
  ...hanging,
  ...throwing,
  ...exiting,
  ...late,
  {
    name: "fills-heap",
    submit: (engine) => engine.submit(hangs.fillsHeap, undefined),
    timeoutMs: undefined,
    ends: { code: "DF_TASK_OOM", task: "hoard" },
  },
];

/** Inputs of the others: some at once, the last ones behind the end of the misbehaving run, the rest at a pace meanwhile. */
async function* paced(begin: () => void, isOver: () => boolean, over: Promise<unknown>): AsyncGenerator<number> {
  for (let x = 0; x < othersCount; x++) {
    if (x === othersBefore) begin();
    if (x > othersBefore && x % 20 === 0 && !isOver()) await new Promise((resolve) => setTimeout(resolve, 5));
    if (x === othersCount - othersAfter) await over;
    yield x;
  }
}

async function runOthers(engine: Engine, inputs: AsyncIterable<number>): Promise<Settled<unknown>[]> {
  const all: Settled<unknown>[] = [];
  for await (const settled of engine.submitAll(quick, inputs, { inFlight: othersInFlight })) all[settled.index] = settled;
  return all;
}

/** How the misbehaving run ended, and after how many ms. */
interface Ended {
  readonly how: { readonly value: unknown } | { readonly error: unknown };
  readonly tookMs: number;
}

async function misbehave(engine: Engine, { submit }: Case, begun: Promise<void>): Promise<Ended> {
  await begun;
  const startedAt = performance.now();
  const run = await submit(engine);
  const how = await outcome(() => run.result());
  return { how, tookMs: performance.now() - startedAt };
}

/** Runs the misbehaving run once in the midst of the others. */
async function runAmong(engine: Engine, one: Case): Promise<Ended> {
  let begin = () => {};
  let isOver = false;
  const begun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const ending = misbehave(engine, one, begun).finally(() => {
    isOver = true;
  });
  const others = await runOthers(
    engine,
    paced(begin, () => isOver, ending),
  );
  expect(others.length).toBe(othersCount);
  const wrong = others.filter((settled) => settled.status !== "completed" || !isRight(settled.index, settled.output));
  expect(wrong.slice(0, 2)).toEqual([]);
  return ending;
}

function isRight(x: number, output: unknown): boolean {
  return JSON.stringify(output) === JSON.stringify(expectedQuick(x));
}

function expectEnd({ how }: Ended, { ends }: Case): void {
  if ("value" in ends) {
    expect(how).toEqual(ends);
    return;
  }
  expect(how).toMatchObject({ error: { name: "DataFlowerError", code: ends.code, task: ends.task, attempts: 1 } });
  if (!("cause" in ends)) return;
  const { cause } = (how as { error: Error }).error;
  if (typeof ends.cause === "object" && ends.cause !== null) expect(cause).toMatchObject(ends.cause);
  else expect(cause).toBe(ends.cause);
}

/** Runs go on being executed by every worker. */
async function expectAllWorkers(engine: Engine): Promise<void> {
  const seen = new Set<number>();
  while (seen.size < 2) {
    const runs = await Promise.all([engine.submit(holding, 10), engine.submit(holding, 10)]);
    for (const run of runs) {
      const { tasksByWorker } = await run.summary();
      tasksByWorker.forEach((tasks, worker) => {
        if (tasks > 0) seen.add(worker);
      });
    }
  }
}

/** What keeps this process alive, but for the timers of the test runner. */
function handles(): string[] {
  return process
    .getActiveResourcesInfo()
    .filter((resource) => resource !== "Timeout")
    .sort();
}

test("threads that end while the successors of others are still starting cost nobody anything", async () => {
  const engine = await DataFlower.start({ workers: 2, store: "memory:", workflows: [quick, hangs.exitsThread] });
  try {
    const exit = async (): Promise<void> => {
      const how = await outcome(() => engine.run(hangs.exitsThread, 1));
      expect(how).toMatchObject({ error: { code: "DF_WORKER_LOST", task: "exit", attempts: 1 } });
    };
    const others = runOthers(
      engine,
      (async function* () {
        for (let x = 0; x < 300; x++) {
          await new Promise((resolve) => setTimeout(resolve, 3));
          yield x;
        }
      })(),
    );
    await Promise.all(Array.from({ length: 10 }, exit));
    expect((await others).filter((settled) => settled.status !== "completed" || !isRight(settled.index, settled.output))).toEqual([]);
  } finally {
    await engine.close();
  }
});

describe(`a run that misbehaves, ${repeats} times (DF_FAULT_REPEATS), each time while ${othersCount} others are under way`, () => {
  test.each(cases.map((one) => [one.name, one] as const))(
    "%s",
    async (_, one) => {
      const resources = handles();
      const { loopForever, spinMicrotasks, waitForever, neverSettles, catchesAll, throwsValue, fillsHeap, throwsLate, exitsThread } = hangs;
      const misbehaving = [
        loopForever,
        spinMicrotasks,
        waitForever,
        neverSettles,
        catchesAll,
        throwsValue,
        fillsHeap,
        throwsLate,
        exitsThread,
      ];
      const engine = await DataFlower.start({
        workers: 2,
        store: "memory:",
        workflows: [quick, holding, ...misbehaving],
        limits: { heapMbMax: 64 },
      });
      const took: number[] = [];
      try {
        for (let repeat = 0; repeat < repeats; repeat++) {
          const ended = await runAmong(engine, one);
          expectEnd(ended, one);
          took.push(ended.tookMs);
        }
        if (one.timeoutMs !== undefined) expect(Math.max(...took)).toBeLessThan(one.timeoutMs + latenessMsMax);
        await untilIdle(engine);
        await expectAllWorkers(engine);
      } finally {
        await engine.close();
      }
      // A port whose other end went with its thread is let go a turn of the event loop or two after that thread's exit.
      await expect.poll(handles, { timeout: 5_000 }).toEqual(resources);
      if (process.env.DF_FAULT_REPEATS !== undefined) console.log(`${one.name}: slowest end after ${Math.max(...took).toFixed(0)} ms`);
    },
    10_000 + repeats * 5_000,
  );
});
