/** Runs whose scheduler breaks its contract, on one worker and on several that share them. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DataFlowerError } from "../../actors/kernel/errors.js";
import { copyValue } from "../../actors/kernel/value.js";
import { createReadyPolicy } from "../../actors/scheduling/ready-policy.js";
import type { Refusable } from "../../actors/scheduling/refusable.js";
import type { MakeReady } from "../../actors/workflow/loaded-workflow.js";
import type { RunOutcome } from "../../actors/workflow/simulated-ports.fixture.js";
import { SimulatedWorker } from "../../actors/workflow/simulated-worker.fixture.js";
import type { PolicyDefinition } from "../../schedulers/index.js";
import { seeded } from "../engine/fixtures/seeded.fixture.js";
import { loadProgram } from "./load-program.fixture.js";
import { loadWorkflow } from "./load-workflow.fixture.js";
import { PlainLoop, plainHandlers, programs, write } from "./random-program.fixture.js";
import { SimulatedCrew } from "./simulated-crew.fixture.js";

const torn = new RangeError("torn");

function makes(rank: () => number): MakeReady {
  const definition: PolicyDefinition = { name: "mine", module: "file:///mine.js", order: { rank } };
  return <Task extends Refusable>() => createReadyPolicy<Task>(definition, { random: () => 0.5 });
}

/** Throws at every call from the `from`-th on. */
function tornFrom(from: number): () => number {
  let calls = 0;
  return () => {
    if (++calls >= from) throw torn;
    return -calls;
  };
}

describe("a run whose scheduler breaks its contract", () => {
  test.each([
    ["stops", {}, "stop"],
    ["continues", {}, "continue"],
    ["has a fallback", { fallback: 7 }, "stop"],
    ["skips dependents", { onFailure: "skip-dependents" }, "continue"],
  ] as const)("fails at once with that, and starts nothing more, where a failed task %s", (_, options, whenTaskFails) => {
    const started: number[] = [];
    const loaded = loadWorkflow(
      (flow) => Array.from({ length: 5 }, (_, number) => flow.task(() => started.push(number), undefined, { retry: 3, ...options })),
      { whenTaskFails, makeReady: makes(tornFrom(3)) },
    );
    const worker = new SimulatedWorker({ random: seeded(1) });
    worker.submit(loaded, undefined);
    const [outcome] = worker.work();
    expect(outcome).toMatchObject({ isOk: false, value: { code: "DF_SCHEDULER_FAILED", runId: "run-0", cause: torn } });
    expect(outcome?.value).toBeInstanceOf(DataFlowerError);
    expect(started).toEqual([]);
    expect(worker.system.deadLetters.count).toBe(0);
  });

  test("leaves other runs alone", () => {
    const worker = new SimulatedWorker({ random: seeded(1) });
    const build = (rank: () => number) => loadWorkflow((flow) => flow.task(() => 1), { makeReady: makes(rank) });
    worker.submit(build(tornFrom(1)), undefined);
    worker.submit(
      build(() => 0),
      undefined,
    );
    expect(worker.work().map((outcome) => outcome?.isOk)).toEqual([false, true]);
  });

  test("fails, or completes as it should, wherever its tasks are when it breaks", () => {
    const inputs = [
      { hash: 1, list: [] },
      { hash: 2, list: [{ hash: 3, list: [4] }, 5, 6] },
      { hash: 6, list: [7, "8", null] },
    ];
    const crews = fc.record({ seed: fc.integer(), workers: fc.integer({ min: 2, max: 3 }), arenaBytes: fc.constantFrom(1 << 20, 4096) });
    const froms = fc.integer({ min: 1, max: 60 });
    const ends = { completed: 0, failed: 0, failedAtGuest: 0 };
    fc.assert(
      fc.property(programs, crews, froms, (program, { seed, ...options }, from) => {
        const crew = new SimulatedCrew({ random: seeded(seed), ...options });
        const loaded = loadProgram(program, plainHandlers, { makeReady: makes(tornFrom(from)), defaults: { retry: { attempts: 3 } } });
        for (const input of inputs) crew.submit(loaded, input);
        const outcomes = crew.work();
        crew.close();
        for (const [index, input] of inputs.entries()) {
          const { isOk, value } = outcomes[index] as RunOutcome;
          if (isOk) {
            expect(value).toEqual(copyValue(write(program, new PlainLoop(), plainHandlers, copyValue(input))));
            ends.completed += 1;
            continue;
          }
          expect(value).toMatchObject({ code: "DF_SCHEDULER_FAILED", cause: { message: "torn" } });
          ends.failed += 1;
          if ((value as DataFlowerError).cause !== torn) ends.failedAtGuest += 1; // a copy of it came from another worker
        }
      }),
      { numRuns: 500 },
    );
    expect(ends.completed).toBeGreaterThan(30);
    expect(ends.failed).toBeGreaterThan(30);
    expect(ends.failedAtGuest).toBeGreaterThan(0); // about one run in a hundred
  });
});
