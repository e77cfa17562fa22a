/** Random workflows whose tasks fail, run by several workers that share them, in one thread. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { copyValue } from "../../actors/kernel/value.js";
import type { Run } from "../../actors/workflow/run.js";
import { Later, never } from "../../actors/workflow/simulated-ports.fixture.js";
import { seeded } from "../engine/fixtures/seeded.fixture.js";
import { loadProgram } from "./load-program.fixture.js";
import { plainHandlers, programs, write } from "./random-program.fixture.js";
import { crewCpusMax, SimulatedCrew } from "./simulated-crew.fixture.js";
import { attemptsPerTask, failingHandlers, lacks, SkippingLoop } from "./skipping-loop.fixture.js";

const inputs = [
  { hash: 1, list: [] },
  { hash: 2, list: [{ hash: 3, list: [4] }, 5, 6] },
  { hash: 6, list: [7, "8", null] },
];

const crews = fc.record({
  seed: fc.integer(),
  workers: fc.integer({ min: 2, max: 3 }),
  arenaBytes: fc.constantFrom(1 << 20, 1 << 20, 4096, 1024), // with little memory, much stays at home
  concurrency: fc.integer({ min: 1, max: 4 }),
  cpus: fc.constantFrom(undefined, 0.5, 1.5, crewCpusMax),
});

/** Handlers of which some end later, and some never when they should fail. */
function sometimesLater(random: () => number) {
  const wrap =
    <Input>(handler: (input: Input, context?: { readonly attempt: number }) => unknown) =>
    (input: Input, context?: { readonly attempt: number }) => {
      if (random() < 0.7) return handler(input, context);
      try {
        return new Later(true, handler(input, context));
      } catch (thrown) {
        return random() < 0.5 ? new Later(false, thrown) : never;
      }
    };
  return { make: wrap(failingHandlers.make), merge: wrap(failingHandlers.merge) };
}

const endOfFailed = expect.stringMatching(/^DF_TASK_(FAILED|TIMEOUT)$/);

describe("runs that several workers share", () => {
  test.each(["skip-dependents", "fail"] as const)("skip what a plain loop skips, and leave no memory behind: %s", (onFailure) => {
    let ofGuests = 0;
    let skips = 0;
    fc.assert(
      fc.property(programs, crews, (program, { seed, cpus, ...options }) => {
        const random = seeded(seed);
        const crew = new SimulatedCrew({ random, ...options });
        const retry = { attempts: attemptsPerTask, delay: 5 };
        const loaded = loadProgram(program, sometimesLater(random), {
          defaults: { retry, onFailure, timeout: "10m", ...(cpus === undefined ? {} : { cpus }) },
          whenTaskFails: "continue",
        });
        for (const input of inputs) crew.submit(loaded, input);
        const outcomes = crew.work();
        crew.close();
        const events = crew.workers.flatMap(({ executor }, worker) => executor.events.map((event) => ({ ...event, worker })));
        for (const [index, input] of inputs.entries()) {
          const loop = new SkippingLoop();
          const expected = write(program, loop, plainHandlers, copyValue(input));
          const { runId, home } = crew.runs[index] as Run;
          const starts = events.filter((event) => event.runId === runId && event.kind === "start");
          expect(starts.length).toBe(loop.starts);
          expect(new Set(starts.map(({ path, attempt }) => `${path} ${attempt}`)).size).toBe(loop.starts);
          const mayEnd = !lacks(expected) && (onFailure === "skip-dependents" || !loop.hasFailed);
          if (mayEnd) expect(outcomes[index]).toEqual({ runId, isOk: true, value: copyValue(expected) });
          else expect(outcomes[index]).toMatchObject({ runId, isOk: false, value: { code: endOfFailed, attempts: attemptsPerTask } });
          ofGuests += starts.filter(({ worker }) => worker !== home).length;
          if (loop.hasFailed && mayEnd) skips += 1;
        }
        expect(crew.leftovers).toEqual({ bytes: 0, used: 0, reserved: 0 });
      }),
      { numRuns: 60 },
    );
    expect(ofGuests).toBeGreaterThan(30);
    if (onFailure === "skip-dependents") expect(skips).toBeGreaterThan(3);
  });
});
