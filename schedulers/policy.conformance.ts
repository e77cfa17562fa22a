import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Policy, Schedulable, TaskFacts } from "./policy.js";

/** A task as policies see it, with a number by which tests know it. */
export interface TestTask extends Schedulable {
  readonly number: number;
}

/** A task of which only `facts` matter. */
export function testTask(number: number, facts: Partial<TaskFacts> = {}): TestTask {
  return {
    number,
    place: -1,
    runId: "run",
    task: "task",
    order: 0,
    position: 0,
    readyAt: 0,
    submittedAt: 0,
    priority: 0,
    estimate: undefined,
    deadline: undefined,
    cpus: 1,
    memory: undefined,
    remainingPath: 0,
    attempt: 1,
    inputBytes: 0,
    ...facts,
  };
}

type Step =
  | { readonly do: "insert"; readonly facts: Partial<TaskFacts> }
  | { readonly do: "take" }
  /** Removes one of the tasks seen so far, in the policy or not. */
  | { readonly do: "remove"; readonly seed: number };

const time = fc.nat(20);
const maybeTime = fc.option(time, { nil: undefined });
const facts = fc.record({
  runId: fc.constantFrom("a", "b", "c"),
  task: fc.constantFrom("x", "y"),
  submittedAt: time,
  priority: fc.integer({ min: -2, max: 2 }),
  estimate: maybeTime,
  deadline: maybeTime,
  attempt: fc.integer({ min: 1, max: 3 }),
});
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant("insert" as const), facts }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("take" as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("remove" as const), seed: fc.nat() }) },
);
const steps = fc.array(step, { maxLength: 300, size: "max" });

/** A failure is not simplified for ever: a program may have hundreds of steps. */
const limits = { interruptAfterTimeLimit: 5000 };

/** What a program of steps gave, in order: numbers of taken tasks, answers of remove. */
type Outcome = number | boolean | undefined;

/** Carries out steps, then takes what is left, and checks on the way that tasks come out exactly once. */
function carryOut(policy: Policy<TestTask>, program: readonly Step[]): Outcome[] {
  const seen: TestTask[] = [];
  const waiting = new Set<TestTask>();
  const outcomes: Outcome[] = [];
  const take = (now: number) => {
    const task = policy.take(now);
    outcomes.push(task?.number);
    if (task === undefined) expect(waiting.size).toBe(0);
    else expect(waiting.delete(task)).toBe(true);
  };
  program.forEach((next, now) => {
    if (next.do === "take") take(now);
    else if (next.do === "insert") {
      const task = testTask(seen.length, { ...next.facts, readyAt: now });
      seen.push(task);
      waiting.add(task);
      policy.insert(task, now);
    } else {
      const task = seen[next.seed % seen.length] ?? testTask(-1);
      const isThere = waiting.delete(task);
      outcomes.push(isThere);
      expect(policy.remove(task)).toBe(isThere);
    }
    expect(policy.size).toBe(waiting.size);
  });
  while (waiting.size > 0) take(program.length);
  expect(policy.size).toBe(0);
  expect(policy.take(program.length)).toBe(undefined);
  return outcomes;
}

/** What every policy has to keep, whatever its order is. `make` gives a new, empty one. */
export function policyConformance(name: string, make: () => Policy<TestTask>): void {
  describe(`policy ${name}`, () => {
    test("bears its name", () => {
      expect(make().name).toBe(name);
    });

    test("gives nothing while it is empty", () => {
      const policy = make();
      expect(policy.size).toBe(0);
      expect(policy.take(0)).toBe(undefined);
      expect(policy.remove(testTask(0))).toBe(false);
      policy.insert(testTask(1), 0);
      expect(policy.take(0)?.number).toBe(1);
      expect(policy.take(0)).toBe(undefined);
    });

    test("gives everything that was inserted exactly once, and nothing else", () => {
      fc.assert(
        fc.property(steps, (program) => void carryOut(make(), program)),
        limits,
      );
    });

    test("gives the same sequence for the same steps", () => {
      fc.assert(
        fc.property(steps, (program) => void expect(carryOut(make(), program)).toEqual(carryOut(make(), program))),
        limits,
      );
    });

    test("two policies do not know of each other", () => {
      const [one, other] = [make(), make()];
      one.insert(testTask(1), 0);
      expect(other.size).toBe(0);
      expect(other.take(0)).toBe(undefined);
      expect(one.take(0)?.number).toBe(1);
    });

    test("ties go in the order of insertion", () => {
      fc.assert(
        fc.property(facts, fc.integer({ min: 1, max: 200 }), (equal, count) => {
          const policy = make();
          for (let number = 0; number < count; number++) policy.insert(testTask(number, equal), 0);
          const taken = Array.from({ length: count }, () => policy.take(0)?.number);
          expect(taken).toEqual(Array.from({ length: count }, (_, number) => number));
        }),
      );
    });

    test("a task that was taken or removed may be inserted again", () => {
      const policy = make();
      const task = testTask(1);
      policy.insert(task, 0);
      policy.take(0);
      policy.insert(task, 1);
      policy.remove(task);
      policy.insert(task, 2);
      expect(policy.size).toBe(1);
      expect(policy.take(2)).toBe(task);
    });

    test("100,000 tasks go in and out", () => {
      const policy = make();
      const count = 100_000;
      const taken = new Uint8Array(count);
      const take = (now: number) => {
        const task = policy.take(now) as TestTask;
        taken[task.number] = (taken[task.number] as number) + 1;
      };
      for (let number = 0; number < count; number++) {
        policy.insert(testTask(number, { runId: `${number % 7}`, submittedAt: (number * 7919) % count, priority: number % 5 }), number);
        if (number % 3 === 0) take(number);
      }
      while (policy.size > 0) take(count);
      expect(policy.take(count)).toBe(undefined);
      expect(taken.every((times) => times === 1)).toBe(true);
    });
  });
}
