/** Random graphs whose tasks fail at random, against a reference that is a plain recursion. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DataFlowerError } from "../../actors/kernel/errors.js";
import { Later, never, type RunOutcome } from "../../actors/workflow/simulated-ports.fixture.js";
import { keptOutputs, SimulatedWorker } from "../../actors/workflow/simulated-worker.fixture.js";
import { seeded } from "../engine/fixtures/seeded.fixture.js";
import { type DagInput, type DagTask, dags, loadDag, nameOf, outputOf } from "./random-dag.fixture.js";

/** How a task behaves and what its failure means. */
interface Plan {
  /** Attempts that fail before one returns. */
  readonly failures: number;
  readonly attempts: number;
  readonly how: "throw" | "reject" | "hang" | "no data";
  readonly policy: "fail" | "skip" | "fallback";
}

const plan: fc.Arbitrary<Plan> = fc.record({
  failures: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.integer({ min: 1, max: 3 })),
  attempts: fc.integer({ min: 1, max: 3 }),
  how: fc.constantFrom("throw", "reject", "hang", "no data"),
  policy: fc.oneof({ weight: 1, arbitrary: fc.constant("fail" as const) }, { weight: 4, arbitrary: fc.constantFrom("skip", "fallback") }),
});

const replacement = { sum: 77 };

/** What becomes of a task when nothing stops the run. */
interface Fate {
  /** undefined: there is no output. */
  readonly output: { readonly sum: number } | undefined;
  readonly starts: number;
  /** It was given up, with no fallback. */
  readonly isGivenUp: boolean;
}

function fatesOf(dag: readonly DagTask[], plans: readonly Plan[]): Fate[] {
  const fates: Fate[] = [];
  const fateOf = (position: number): Fate => {
    const known = fates[position];
    if (known !== undefined) return known;
    const { reads, after } = dag[position] as DagTask;
    const { failures, attempts, how, policy } = plans[position] as Plan;
    const isSkipped = [...reads, ...after].some((before) => fateOf(before).output === undefined);
    if (isSkipped) return { output: undefined, starts: 0, isGivenUp: false };
    const attemptsMade = how === "no data" ? 1 : attempts;
    const isFailing = failures >= attemptsMade;
    const starts = isFailing ? attemptsMade : failures + 1;
    if (isFailing && policy === "fallback") return { output: replacement, starts, isGivenUp: false };
    if (isFailing) return { output: undefined, starts, isGivenUp: true };
    const before = reads.map((read) => fateOf(read).output as { sum: number });
    return { output: outputOf({ position, before }), starts, isGivenUp: false };
  };
  for (const position of dag.keys()) fates[position] = fateOf(position);
  return fates;
}

function errorOf(outcome: RunOutcome | undefined): DataFlowerError {
  expect(outcome?.value).toBeInstanceOf(DataFlowerError);
  return outcome?.value as DataFlowerError; // see above
}

const settings = [
  dags.chain((dag) => fc.tuple(fc.constant(dag), fc.array(plan, { minLength: dag.length, maxLength: dag.length }))),
  fc.array(fc.nat(), { maxLength: 4 }),
  fc.constantFrom("stop" as const, "continue" as const),
  fc.integer(),
  fc.integer({ min: 1, max: 6 }),
] as const;

describe("a random graph with random failures", () => {
  test("ends as a plain recursion says, and every task starts as often as it says", () => {
    fc.assert(
      fc.property(...settings, ([dag, plans], seeds, whenTaskFails, seed, concurrency) => {
        const results = [...new Set(seeds.map((one) => one % dag.length))];
        const random = seeded(seed);
        const startsOf = dag.map(() => 0);
        const handler = (input: DagInput) => {
          const { failures, how } = plans[input.position] as Plan;
          startsOf[input.position] = (startsOf[input.position] as number) + 1;
          if ((startsOf[input.position] as number) > failures) return random() < 0.3 ? new Later(true, outputOf(input)) : outputOf(input);
          if (how === "hang") return never;
          if (how === "no data") return () => {};
          if (how === "reject") return new Later(false, "no");
          throw new Error("no");
        };
        const ofTask = (position: number) => {
          const { attempts, policy } = plans[position] as Plan;
          const retry = { attempts, delay: 20, delayMax: 50 };
          if (policy === "fallback") return { retry, fallback: replacement };
          return { retry, onFailure: policy === "skip" ? "skip-dependents" : "fail" };
        };
        const worker = new SimulatedWorker({ random, concurrency });
        const run = worker.submit(loadDag(dag, handler, results, { ofTask, whenTaskFails, defaults: { timeout: 100 } }), undefined);
        const [outcome] = worker.work();

        const fates = fatesOf(dag, plans);
        const givenUp = [...dag.keys()].filter((position) => fates[position]?.isGivenUp);
        const fatal = givenUp.filter((position) => plans[position]?.policy === "fail");
        const isLacking = results.some((position) => fates[position]?.output === undefined);
        if (fatal.length > 0 || isLacking) {
          expect(outcome?.isOk).toBe(false);
          const blamed = givenUp.find((position) => nameOf(position) === errorOf(outcome).task);
          expect(fatal.length > 0 ? fatal : givenUp).toContain(blamed);
          expect(errorOf(outcome).attempts).toBe(fates[blamed as number]?.starts);
        } else expect(outcome).toEqual({ runId: "run-0", isOk: true, value: results.map((position) => fates[position]?.output?.sum) });

        if (fatal.length > 0 && whenTaskFails === "stop") {
          for (const [position, starts] of startsOf.entries()) expect(starts).toBeLessThanOrEqual(fates[position]?.starts as number);
          return;
        }
        expect(startsOf.map((starts, position) => [nameOf(position), starts])).toEqual(
          fates.map(({ starts }, position) => [nameOf(position), starts]),
        );
        expect(keptOutputs(run)).toEqual(new Map());
      }),
      { numRuns: 300 },
    );
  });

  test("blames the task that was given up first", () => {
    fc.assert(
      fc.property(
        dags,
        fc.integer(),
        fc.integer({ min: 1, max: 6 }),
        fc.constantFrom("fail", "skip-dependents"),
        (dag, seed, concurrency, onFailure) => {
          const random = seeded(seed);
          const handler = () => {
            if (random() < 0.5) return new Later(false, "no");
            throw new Error("no");
          };
          const worker = new SimulatedWorker({ random, concurrency });
          const ofTask = () => ({ retry: 1, onFailure });
          worker.submit(loadDag(dag, handler, [...dag.keys()], { ofTask, whenTaskFails: "continue" }), undefined);
          const [outcome] = worker.work();
          // As the run's actor heard of it: an attempt that settles may be overtaken by one that throws.
          const heard = "run-0 < task-ended ";
          const first = worker.trace.find((line) => line.startsWith(heard));
          expect(errorOf(outcome).task).toBe(first?.slice(heard.length));
        },
      ),
      { numRuns: 60 },
    );
  });
});
