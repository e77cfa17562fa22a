import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { copyValue } from "../../actors/kernel/value.js";
import type { Run } from "../../actors/workflow/run.js";
import { keptOutputs, SimulatedWorker } from "../../actors/workflow/simulated-worker.fixture.js";
import { seeded } from "../engine/fixtures/seeded.fixture.js";
import { loadProgram } from "./load-program.fixture.js";
import { type Handlers, PlainLoop, type Program, plainHandlers, programs, write } from "./random-program.fixture.js";
import { attemptsPerTask, failingHandlers, lacks, SkippingLoop } from "./skipping-loop.fixture.js";
import { Vandal } from "./vandal.fixture.js";

const inputs = [
  { hash: 1, list: [] },
  { hash: 2, list: [{ hash: 3, list: [4] }, 5] },
  { hash: 6, list: [7, "8", null] },
];

function simulate(program: Program, seed: number, concurrency: number, laterShare: number) {
  const random = seeded(seed);
  const vandal = new Vandal(random, laterShare);
  const handlers: Handlers = { make: vandal.wrap(plainHandlers.make), merge: vandal.wrap(plainHandlers.merge) };
  const loaded = loadProgram(program, handlers);
  const worker = new SimulatedWorker({ random, concurrency });
  for (const input of inputs) worker.submit(loaded, input);
  return { worker, vandal, outcomes: worker.work() };
}

const settings = [programs, fc.integer(), fc.integer({ min: 1, max: 6 }), fc.constantFrom(0, 0.5, 1)] as const;

describe("runs of random workflows on one worker", () => {
  test("give what a plain loop gives, whatever handlers do to inputs and outputs", () => {
    fc.assert(
      fc.property(...settings, (program, seed, concurrency, laterShare) => {
        const { vandal, outcomes } = simulate(program, seed, concurrency, laterShare);
        vandal.spoil();
        const expected = inputs.map((input, index) => {
          const value = write(program, new PlainLoop(), plainHandlers, copyValue(input));
          return { runId: `run-${index}`, isOk: true, value: copyValue(value) };
        });
        expect(outcomes).toEqual(expected);
      }),
      { numRuns: 150 },
    );
  });

  test("execute every task exactly once and leave nothing behind", () => {
    fc.assert(
      fc.property(...settings, (program, seed, concurrency, laterShare) => {
        const { worker } = simulate(program, seed, concurrency, laterShare);
        const loop = new PlainLoop();
        for (const input of inputs) write(program, loop, plainHandlers, copyValue(input));
        const started = worker.executor.events.filter(({ kind }) => kind === "start").map(({ runId, path }) => `${runId} ${path}`);
        expect(started.length).toBe(loop.calls);
        expect(new Set(started).size).toBe(started.length);
        for (const run of worker.runs) expect(keptOutputs(run)).toEqual(new Map());
        expect(worker.runs.reduce((sum, { tasks }) => sum + tasks, 0)).toBe(loop.calls);
        expect(worker.results.closed.size).toBe(inputs.length);
        expect(worker.results.flushedCount).toBe(inputs.length);
        expect(worker.system.deadLetters.count).toBe(0);
      }),
      { numRuns: 100 },
    );
  });

  test("go the same way, message by message, for the same seed", () => {
    fc.assert(
      fc.property(...settings, (program, seed, concurrency, laterShare) => {
        const [one, other] = [0, 1].map(() => simulate(program, seed, concurrency, laterShare).worker.trace);
        expect(one).toEqual(other);
      }),
      { numRuns: 50 },
    );
  });
});

describe("runs of random workflows whose tasks fail", () => {
  const retry = { attempts: attemptsPerTask, delay: 5 };

  test.each(["skip-dependents", "fail"] as const)("skip what a plain loop skips, and nothing else: %s", (onFailure) => {
    let skips = 0;
    fc.assert(
      fc.property(programs, fc.integer(), fc.integer({ min: 1, max: 6 }), (program, seed, concurrency) => {
        const worker = new SimulatedWorker({ random: seeded(seed), concurrency });
        const loaded = loadProgram(program, failingHandlers, { defaults: { retry, onFailure }, whenTaskFails: "continue" });
        for (const input of inputs) worker.submit(loaded, input);
        const outcomes = worker.work();
        for (const [index, input] of inputs.entries()) {
          const loop = new SkippingLoop();
          const expected = write(program, loop, plainHandlers, copyValue(input));
          const { runId, tasks } = worker.runs[index] as Run;
          const ended = worker.executor.events.filter((event) => event.runId === runId && event.kind === "end");
          expect(tasks).toBe(loop.starts);
          expect(ended.length).toBe(loop.starts);
          const mayEnd = !lacks(expected) && (onFailure === "skip-dependents" || !loop.hasFailed);
          if (mayEnd) expect(outcomes[index]).toEqual({ runId, isOk: true, value: copyValue(expected) });
          else expect(outcomes[index]).toMatchObject({ runId, isOk: false, value: { code: "DF_TASK_FAILED", attempts: attemptsPerTask } });
          expect(keptOutputs(worker.runs[index] as Run)).toEqual(new Map());
          if (loop.hasFailed && mayEnd) skips += 1;
        }
      }),
      { numRuns: 150 },
    );
    if (onFailure === "skip-dependents") expect(skips).toBeGreaterThan(10); // it is not only failures or only successes
  });
});
